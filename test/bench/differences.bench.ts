/**
 * Whether differences are told rightly, on a real NATS server: two equal variants, of which hardly ever one may be said to
 * be faster; and two of which the one's messages are held up for a known time more, which must be said, with an interval
 * that holds that time. All are held up, so that what a wait costs beside its time is the same for both. Each is a
 * comparison of repetitions in turns, 20 times over. `--quick` makes three of each.
 */
import { measurementOf } from '../../src/analysis/measurement.ts';
import { differencesOf, type MeasuredRun, mainMetrics } from '../../src/analysis/repetitions/differences.ts';
import { medianOf } from '../../src/analysis/statistics/median.ts';
import type { MetricDifference } from '../../src/contracts/documents/report/differences.ts';
import { workloadSchema } from '../../src/contracts/input/workload.ts';
import { measureBoth } from '../loadgen/support/measuring.ts';
import { startNats } from '../loadgen/support/servers.ts';
import { sessionOf } from '../loadgen/support/session-of.ts';
import { type DelayProxy, startDelayProxy } from './delay-proxy.ts';
import { endWhenInterrupted } from './interrupted.ts';
import { publish, quick, table } from './report.ts';

const comparisons = quick ? 3 : 20;
/** Of a known difference one more: an interval of five misses the truth one time in 16, of six one time in 32. */
const repetitions = { equal: 5, unequal: 6 };
const delaysMs = { less: 3, more: 6 };
/** Equal variants may be told apart so often by any one metric, and a known difference be held so seldom; of all. */
const mostFalseAlarms = 0.15;
const leastHeld = 0.9;

const workload = workloadSchema.parse({
  load: { shape: 'constant', messagesPerSecond: 2_000 },
  warmupSeconds: 1,
  maxWarmupSeconds: 1,
  durationSeconds: 2,
  drainTimeoutSeconds: 10,
});

const servers = await startNats();
endWhenInterrupted(() => servers.stop());
const [server = ''] = servers.servers;
const less = await startDelayProxy(server, delaysMs.less);
const more = await startDelayProxy(server, delaysMs.more);

/** A run, and how long its messages were held up in truth. */
interface HeldUpRun extends MeasuredRun {
  heldUpMs: number;
}

async function measure(way: DelayProxy, repetition: number): Promise<HeldUpRun> {
  const endpoint = { ...(await servers.createStream()), servers: [way.address] };
  const experimentId = endpoint.stream;
  const session = sessionOf({ technology: 'nats', experimentId, settings: {}, endpoint, workload });
  try {
    await session.open();
    way.takeDelays();
    const { produced, consumed } = await measureBoth(session);
    const measurement = measurementOf([produced, consumed], workload, null);
    if (!measurement) throw new Error('nothing was measured');
    return { repetition, measurement, heldUpMs: medianOf(way.takeDelays()) };
  } finally {
    await session.close({ atOnce: true });
  }
}

/** The first of each block in turns, so that an order of theirs hits both alike. */
async function compare(
  contender: DelayProxy,
  repetitions: number,
): Promise<{ found: MetricDifference[]; trueMs: number }> {
  const [one, other]: [HeldUpRun[], HeldUpRun[]] = [[], []];
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    const first = async () => void one.push(await measure(less, repetition));
    const second = async () => void other.push(await measure(contender, repetition));
    for (const run of repetition % 2 ? [first, second] : [second, first]) await run();
  }
  const differences = other.map(({ heldUpMs }, index) => heldUpMs - (one[index]?.heldUpMs ?? Number.NaN));
  return { found: differencesOf([one, other], mainMetrics), trueMs: medianOf(differences) };
}

/** How often each metric of equal variants was said to differ. */
async function equals(): Promise<Map<string, number>> {
  const alarms = new Map<string, number>([...mainMetrics, 'any of them'].map((metric) => [metric, 0]));
  for (let number = 1; number <= comparisons; number++) {
    const { found } = await compare(less, repetitions.equal);
    const told = found.filter(({ finding }) => finding !== 'none').map(({ metric }) => metric);
    for (const metric of told.length > 0 ? [...told, 'any of them'] : []) {
      alarms.set(metric, (alarms.get(metric) ?? 0) + 1);
    }
    console.error(
      `equal variants, ${number} of ${comparisons}: ${found.map(({ finding }) => finding).join(', ')}`,
    );
  }
  return alarms;
}

async function unequals(): Promise<{ said: number; holds: number; rows: string[][] }> {
  const rows: string[][] = [];
  let [said, holds] = [0, 0];
  for (let number = 1; number <= comparisons; number++) {
    const { found, trueMs } = await compare(more, repetitions.unequal);
    const p50 = found.find(({ metric }) => metric === 'latency.endToEnd.p50Ms');
    if (!p50) throw new Error('no p50 was compared');
    const { low, high, estimate } = p50.difference;
    const isHeld = low !== null && high !== null && low <= trueMs && trueMs <= high;
    if (p50.finding === 'higher') said++;
    if (isHeld) holds++;
    const ms = (value: number | null) => value?.toFixed(2) ?? '–';
    rows.push([
      String(number),
      ms(trueMs),
      ms(estimate),
      `${ms(low)} to ${ms(high)}`,
      p50.finding,
      isHeld ? 'yes' : 'no',
    ]);
    console.error(`held up for longer, ${number} of ${comparisons}: ${rows.at(-1)?.slice(1).join(', ')}`);
  }
  return { said, holds, rows };
}

try {
  const alarms = await equals();
  const { said, holds, rows } = await unequals();
  const mostOfOne = Math.max(...mainMetrics.map((metric) => alarms.get(metric) ?? 0));
  const isRight =
    mostOfOne <= mostFalseAlarms * comparisons && Math.min(said, holds) >= leastHeld * comparisons;
  if (!isRight) process.exitCode = 1;
  publish('differences', {
    title: 'Equal variants, and one that is held up for a known time more',
    conditions: `NATS at 2,000 messages/s of 1 KB for ${workload.durationSeconds} s, ${repetitions.equal} repetitions of each of two variants in turns where they are equal and ${repetitions.unequal} where not, ${comparisons} such comparisons of a kind; each variant behind a proxy that holds up what clients send by ${delaysMs.less} ms, or by ${delaysMs.more} ms, as nearly as a timer does.`,
    sections: [
      `## Equal: one metric told them apart in at most ${mostOfOne} of ${comparisons} (${mostFalseAlarms * 100} % are allowed)`,
      table(
        ['metric', `said to differ, of ${comparisons}`],
        [...alarms].map(([metric, count]) => [metric, count]),
      ),
      `## Held up for longer: said in ${said} of ${comparisons}, and the interval holds the true difference in ${holds} (${leastHeld * 100} % are wanted)`,
      table(
        ['comparison', 'true, ms', 'estimated, ms', 'interval, ms', 'the later one is', 'holds it'],
        rows,
      ),
    ],
  });
} finally {
  await less.close();
  await more.close();
  await servers.stop();
}
