import { expect, test } from '@jest/globals';
import type { ComparisonDetail, Report } from '../../../src/contracts/documents/api.ts';
import { nothing } from '../../support/oracles.ts';
import type { TestStack } from '../../support/stack.ts';
import { stackOfFile } from '../../support/stack-of-file.ts';
import { until } from '../../support/until.ts';

let stack: TestStack;
stackOfFile((started) => {
  stack = started;
});

const repetitions = 30;
/** What is killed once so many experiments have ended. */
const kills: [number, 'worker' | 'temporal'][] = [
  [5, 'worker'],
  [20, 'worker'],
  [30, 'temporal'],
  [45, 'worker'],
];

async function detailOf(id: string): Promise<ComparisonDetail | null> {
  // While a part is away, the API may have no answer.
  const answer = await stack.call('GET', `/api/comparisons/${id}`).catch(() => null);
  return answer?.ok ? ((await answer.json()) as ComparisonDetail) : null;
}

test('a comparison of 60 experiments survives three kills of the worker and one of Temporal, and reports all', async () => {
  const answer = await stack.call('POST', '/api/comparisons', {
    name: 'sixty',
    repetitions,
    workload: {
      load: { shape: 'constant', messagesPerSecond: 200 },
      messageSizeBytes: 100,
      warmupSeconds: 0,
      durationSeconds: 1,
    },
    requirements: [{ metric: 'messages.lost', atMost: 0 }],
    variants: ['memory', 'file'].map((storage) => ({
      name: storage,
      technology: 'nats',
      settings: { storage },
    })),
  });
  expect(answer.status).toBe(202);
  const { id } = (await answer.json()) as { id: string };

  for (const [ended, part] of kills) {
    await until(
      `${ended} experiments to have ended`,
      async () => {
        const variants = (await detailOf(id))?.variants ?? [];
        return variants.filter(({ state }) => state === 'completed').length >= ended;
      },
      { timeoutMs: 900_000, everyMs: 500 },
    );
    const { pid } = stack.stack.description[part];
    process.kill(pid as number, 'SIGKILL');
    await until(`another ${part}`, () => stack.stack.description[part].pid !== pid, { timeoutMs: 60_000 });
  }

  const detail = await until(
    'the comparison to end',
    async () => {
      const now = await detailOf(id);
      return now?.outcome ? now : undefined;
    },
    { timeoutMs: 1_200_000, everyMs: 1_000 },
  );
  expect(detail.outcome).toBe('completed');
  expect(detail.variants.map(({ state }) => state)).toEqual(Array(2 * repetitions).fill('completed'));
  const report = (await (await stack.call('GET', `/api/comparisons/${id}/report`)).json()) as Report;
  for (const { label, runs, measurement } of report.columns) {
    expect([label, runs.length, new Set(runs.map(({ experimentId }) => experimentId)).size]).toEqual([
      label,
      repetitions,
      repetitions,
    ]);
    const rates = runs.map(({ measured }) => measured['throughput.consumed.messagesPerSecond'] ?? 0);
    expect(Math.min(...rates)).toBeGreaterThan(0);
    expect(measurement?.messages).toMatchObject({ scheduled: 200 * repetitions, lost: 0 });
  }
  expect(report.columns.map(({ label }) => label)).toEqual(['memory', 'file']);
  expect(await stack.remains()).toEqual(nothing);
}, 3_000_000);
