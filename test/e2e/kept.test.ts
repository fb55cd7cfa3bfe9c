import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { projectRoot } from '../../src/config.ts';
import { resultSchema } from '../../src/contracts/documents/result.ts';
import { processesOf } from '../faults/world/processes.ts';
import { nothing } from '../support/oracles.ts';
import type { TestStack } from '../support/stack.ts';
import { stackOfFile } from '../support/stack-of-file.ts';
import { until } from '../support/until.ts';

let stack: TestStack;
stackOfFile((started) => {
  stack = started;
});

const nats = {
  name: 'nats, kept',
  technology: 'nats',
  workload: {
    load: { shape: 'constant', messagesPerSecond: 500 },
    warmupSeconds: 1,
    maxWarmupSeconds: 1,
    durationSeconds: 3,
  },
  requirements: [{ metric: 'messages.lost', atMost: 0 }],
};

const command = (...args: string[]) =>
  execa(process.execPath, [join(projectRoot, 'test/cli/support/main.ts'), ...args], {
    env: { COMPARATOR_URL: stack.stack.description.api.url, NO_COLOR: '1' },
    reject: false,
  });

const brokersOf = (id: string) => processesOf(stack.home, id).filter(({ kind }) => kind === 'broker');

test('what was measured stays, is looked into, is kept for longer, and is gone once that was asked for', async () => {
  const id = await stack.submit({ ...nats, keepMinutes: 30 });
  const next = await stack.submit({ ...nats, name: 'the next' });
  const { keptUntil } = await stack.untilPhase(id, 'kept');
  const brokers = brokersOf(id);
  expect(brokers).toHaveLength(1);
  const alive = readFileSync(`/proc/${brokers[0]?.identity.pid}/cmdline`, 'utf8');
  expect(alive).toContain('nats-server');

  const answer = await stack.call('GET', `/api/experiments/${id}/result`);
  expect(resultSchema.parse(await answer.json()).verdicts).toMatchObject([{ verdict: 'met' }]);
  const report = await command('report', id);
  expect([report.exitCode, report.stdout]).toEqual([0, expect.stringContaining('nats, kept')]);

  const { targets } = (await (await stack.call('GET', '/api/queue')).json()) as {
    targets: { running: object[]; waiting: object[] }[];
  };
  expect(targets[0]?.running).toMatchObject([{ experimentId: id, keptUntil }]);
  expect(targets[0]?.waiting).toMatchObject([{ experimentId: next }]);

  const extended = await command('extend', id, '45', '--json');
  expect(extended.exitCode).toBe(0);
  const later = JSON.parse(extended.stdout).keptUntil;
  expect(Date.parse(later) - Date.parse(keptUntil ?? '')).toBe(45 * 60_000);
  expect(await stack.detail(id)).toMatchObject({ phase: 'kept', keptUntil: later });
  const tooLong = await command('extend', id, '1440');
  expect([tooLong.exitCode, tooLong.stderr]).toEqual([
    1,
    expect.stringContaining('1440 minutes after it was'),
  ]);
  expect((await command('show', id)).stdout).toContain('kept until');

  await stack.cancel(id);
  expect(await stack.untilPhase(id, 'closed')).toMatchObject({ outcome: 'completed', failure: null });
  expect(brokersOf(id)).toEqual([]);
  await stack.untilPhase(next, 'closed');
  await until('nothing to remain', async () => {
    expect(await stack.remains()).toEqual(nothing);
    return true;
  });
}, 240_000);
