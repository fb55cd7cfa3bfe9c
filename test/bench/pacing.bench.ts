/**
 * How late the load generator sends by itself, and what it takes for that: one producer on a product that takes every
 * message at once, at several rates. On an idle machine all of it is pacing.
 */
import { Session } from '../../loadgen/session/session.ts';
import { generatorUsage } from '../../src/analysis/generator-usage.ts';
import { type RateStep, workloadSchema } from '../../src/contracts/input/workload.ts';
import { publish, table } from './report.ts';

const rates = [100, 1_000, 20_000];
const seconds = 10;

async function measure(messagesPerSecond: number): Promise<string[]> {
  const workload = workloadSchema.parse({
    load: { shape: 'constant', messagesPerSecond },
    warmupSeconds: 1,
    maxWarmupSeconds: 1,
    durationSeconds: seconds,
  });
  const session = new Session(
    {
      experimentId: 'pacing',
      runId: 'run',
      session: 1,
      generator: 0,
      technology: 'null',
      settings: {},
      endpoint: {},
      workload,
      producers: [0],
      consumers: [],
    },
    new URL('../loadgen/support/null-driver.ts', import.meta.url).href,
  );
  try {
    await session.open();
    const schedule: RateStep[] = [{ messagesPerSecond, seconds }];
    const { part } = await session.produce({ startAtEpochMs: Date.now() + 300, schedule, probe: null });
    const usage = generatorUsage([part]);
    const producer = usage.threads.find(({ name }) => name === 'producer 0');
    return [
      messagesPerSecond.toLocaleString('en-US'),
      (usage.ownLateSendP50Ms ?? Number.NaN).toFixed(2),
      (usage.ownLateSendP99Ms ?? Number.NaN).toFixed(2),
      (producer?.eventLoopDelayP99Ms ?? Number.NaN).toFixed(2),
      `${((producer?.cpuUtilization ?? Number.NaN) * 100).toFixed(1)} %`,
    ];
  } finally {
    await session.close();
  }
}

const rows: string[][] = [];
for (const rate of rates) rows.push(await measure(rate));
publish('pacing', {
  title: 'How late the load generator sends by itself',
  conditions: `One producer, ${seconds} s at each rate, on a product that takes every message at once.`,
  sections: [table(['messages/s', 'late p50, ms', 'late p99, ms', 'event loop p99, ms', 'of a core'], rows)],
});
process.exit(0);
