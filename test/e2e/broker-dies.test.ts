import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { parse } from 'yaml';
import { formatNumber } from '../../src/analysis/report/format.ts';
import { projectRoot } from '../../src/config.ts';
import { type Result, resultSchema } from '../../src/contracts/documents/result.ts';
import { processesOf } from '../faults/world/processes.ts';
import { nothing } from '../support/oracles.ts';
import type { TestStack } from '../support/stack.ts';
import { stackOfFile } from '../support/stack-of-file.ts';
import { until } from '../support/until.ts';

let stack: TestStack;
stackOfFile((started) => {
  stack = started;
});

async function newestId(): Promise<string | undefined> {
  const answer = await stack.call('GET', '/api/experiments?limit=1');
  return ((await answer.json()) as { items: { id: string }[] }).items[0]?.id;
}

test.each(['kafkajs', 'platformatic', 'flat'])(
  'with the %s client, a broker that dies for good at half time does not meet the requirements of the example',
  async (client) => {
    const before = await newestId();
    const example = parse(readFileSync(join(projectRoot, 'examples', 'kafka-local.yaml'), 'utf8'));
    const document = join(stack.home, `${client}.json`);
    const settings = { ...example.settings, producerClient: client, consumerClient: client };
    // What the file has is waited for once; the others need no more than that everything is settled.
    const drainTimeoutSeconds = client === 'kafkajs' ? example.workload.drainTimeoutSeconds : 8;
    const workload = { ...example.workload, drainTimeoutSeconds };
    writeFileSync(document, JSON.stringify({ ...example, settings, workload }));
    const run = execa(process.execPath, [join(projectRoot, 'test/cli/support/main.ts'), 'run', document], {
      env: { COMPARATOR_URL: stack.stack.description.api.url, NO_COLOR: '1' },
      reject: false,
    });
    const id = await until('the experiment', async () => {
      const newest = await newestId();
      return newest !== before ? newest : undefined;
    });
    await stack.untilPhase(id, 'measuring');
    await until('half of the messages', async () => {
      const { progress, timeline } = await stack.detail(id);
      const began = Date.parse(timeline.find(({ phase }) => phase === 'measuring')?.startedAt ?? '');
      // Not of the warm-up, whose last word may still be there.
      const isMeasured = (progress?.atEpochMs ?? 0) > began + 3_000;
      return isMeasured && (progress?.acknowledged ?? 0) > 4_000;
    });
    const brokers = processesOf(stack.home, id).filter(({ kind }) => kind === 'broker');
    expect(brokers).toHaveLength(1);
    for (const { identity } of brokers) process.kill(identity.pid, 'SIGKILL');

    const { exitCode, stdout } = await run;
    expect(exitCode).toBe(3);
    const answer = await stack.call('GET', `/api/experiments/${id}/result`);
    const { measurement, verdicts, partial }: Result = resultSchema.parse(await answer.json());
    expect(partial).toBe(false);
    expect(verdicts[0]).toMatchObject({ metric: 'latency.endToEnd.p99Ms', verdict: 'not-met' });
    const messages = measurement?.messages;
    if (!messages) throw new Error('nothing was measured');
    const { scheduled, unsent, sent, acknowledged, failed, indeterminate, received } = messages;
    expect(scheduled).toBe(10_000);
    expect(unsent + sent).toBe(scheduled);
    expect(acknowledged + failed + indeterminate).toBe(sent);
    expect(received).toBeLessThan(scheduled * 0.9);
    // The report says what became of every one of them.
    const rows = stdout.split('\n').map((line) => line.split(/[│|]/).map((cell) => cell.trim()));
    const row = rows.find((cells) => cells.includes(formatNumber(scheduled))) ?? [];
    const counts = [acknowledged, failed, indeterminate, unsent].filter((one) => one > 0);
    expect(row).toEqual(expect.arrayContaining(counts.map((count) => formatNumber(count))));
    expect(stdout).toContain('NOT MET');
    expect(await stack.remains()).toEqual(nothing);
  },
  240_000,
);
