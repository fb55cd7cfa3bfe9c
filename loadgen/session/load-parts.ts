import { mergeRefusals } from '../../src/analysis/refusals.ts';
import { sumByIndex } from '../../src/analysis/sum.ts';
import type {
  ConsumePart,
  ProducePart,
  ProductUse,
  ThreadUsage,
} from '../../src/contracts/documents/load-parts.ts';
import { encodeCounts } from '../measure/latency-counts.ts';
import type { ProcessUsage } from '../usage/process-watch.ts';
import type { Finished, Round } from './round.ts';

/** What the producers measured, as the rest of the comparator takes it. */
export function producePart(input: {
  round: Round;
  /** Number of each producer, in the order of `results`. */
  producers: number[];
  results: Finished[];
  durationSeconds: number;
  usage: ProcessUsage;
  product: ProductUse | null;
  ledgerKey: string | null;
}): ProducePart {
  const { round, results } = input;
  const { totals, latencies } = round.produced;
  const scheduled = results.reduce((sum, result) => sum + result.scheduled, 0);
  const handed = results.reduce((sum, result) => sum + result.handed, 0);
  return {
    kind: 'produce',
    durationSeconds: input.durationSeconds,
    scheduled,
    unsent: scheduled - handed,
    ...round.ledgers.outcomes(results.map(({ handed: count }) => count)),
    throttled: totals.throttled,
    refusals: mergeRefusals(results.map(({ refusals }) => refusals)),
    acknowledgedInTime: totals.acknowledgedInTime,
    publish: encodeCounts(latencies.publish),
    publishScheduled: encodeCounts(latencies.publishScheduled),
    lateness: encodeCounts(latencies.lateness),
    ownLateness: encodeCounts(latencies.ownLateness),
    series: round.produced.series().map(({ second, sums, p50Ms, p99Ms }) => ({
      second,
      acknowledged: sums.acknowledged,
      failed: sums.failed,
      publishP50Ms: p50Ms.publish,
      publishP99Ms: p99Ms.publish,
      publishScheduledP50Ms: p50Ms.publishScheduled,
      publishScheduledP99Ms: p99Ms.publishScheduled,
    })),
    product: input.product,
    intervals: round.produced.intervals().map(({ second, histograms: { publish, publishScheduled } }) => ({
      ...boundsOf(round, second),
      publish,
      publishScheduled,
    })),
    ledgerKey: input.ledgerKey,
    threads: [...threadUsages('producer', input.producers, results), processUsage(input.usage)],
    host: input.usage.host,
    start: startOf(round),
  };
}

/** What the consumers counted, as the rest of the comparator takes it. */
export function consumePart(input: {
  round: Round;
  /** Number of each consumer, in the order of `results`. */
  consumers: number[];
  results: Finished[];
  lost: number;
  keepsOrder: boolean;
  /** null where the produce part tells it. */
  usage: ProcessUsage | null;
  ledgerKey: string | null;
}): ConsumePart {
  const { usage } = input;
  const { totals, latencies } = input.round.consumed;
  return {
    kind: 'consume',
    received: totals.received,
    receivedInTime: totals.receivedInTime,
    lost: input.lost,
    duplicated: totals.duplicated,
    reordered: input.keepsOrder ? totals.reordered : null,
    unexpected: totals.unexpected,
    perPartition: sumByIndex(input.results.map(({ perPartition }) => perPartition)),
    endToEnd: encodeCounts(latencies.endToEnd),
    series: input.round.consumed.series().map(({ second, sums, p50Ms, p99Ms }) => ({
      second,
      received: sums.received,
      secondsLeft: sums.microsLeft / 1e6,
      endToEndP50Ms: p50Ms.endToEnd,
      endToEndP99Ms: p99Ms.endToEnd,
    })),
    intervals: input.round.consumed.intervals().map(({ second, histograms: { endToEnd } }) => ({
      ...boundsOf(input.round, second),
      endToEnd,
    })),
    threads: [
      ...threadUsages('consumer', input.consumers, input.results),
      ...(usage ? [processUsage(usage)] : []),
    ],
    host: usage?.host ?? null,
    start: startOf(input.round),
    ledgerKey: input.ledgerKey,
  };
}

function boundsOf({ intervalSeconds }: Round, second: number) {
  return { fromSecond: second - intervalSeconds, untilSecond: second };
}

function startOf({ startLateMs, plan }: Round): { lateMs: number; undrainedBefore: number } {
  return { lateMs: startLateMs, undrainedBefore: plan.undrainedBefore };
}

function processUsage({ cpuUtilization }: ProcessUsage): ThreadUsage {
  return { name: 'process', cpuUtilization, eventLoopDelayP99Ms: null, gcUtilization: null };
}

function threadUsages(role: string, numbers: number[], results: Finished[]): ThreadUsage[] {
  return results.flatMap(({ usage }, index) =>
    usage ? [{ name: `${role} ${numbers[index]}`, ...usage }] : [],
  );
}
