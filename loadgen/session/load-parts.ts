import { mergeRefusals } from '../../src/analysis/refusals.ts';
import { sumByIndex } from '../../src/analysis/sum.ts';
import type {
  ConsumePart,
  ProducePart,
  ProductUse,
  ThreadUsage,
} from '../../src/contracts/documents/load-parts.ts';
import { encodeCounts } from '../measure/latency-counts.ts';
import type { Finished, Round } from './round.ts';

/** What the producers measured, as the rest of the comparator takes it. */
export function producePart(input: {
  round: Round;
  /** Number of each producer, in the order of `results`. */
  producers: number[];
  results: Finished[];
  durationSeconds: number;
  processCpuUtilization: number;
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
    ...round.outcomes(results),
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
    ledgerKey: input.ledgerKey,
    threads: [
      ...threadUsages('producer', input.producers, results),
      {
        name: 'process',
        cpuUtilization: input.processCpuUtilization,
        eventLoopDelayP99Ms: null,
        gcUtilization: null,
      },
    ],
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
  ledgerKey: string | null;
}): ConsumePart {
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
    threads: threadUsages('consumer', input.consumers, input.results),
    ledgerKey: input.ledgerKey,
  };
}

function threadUsages(role: string, numbers: number[], results: Finished[]): ThreadUsage[] {
  return results.flatMap(({ usage }, index) =>
    usage ? [{ name: `${role} ${numbers[index]}`, ...usage }] : [],
  );
}
