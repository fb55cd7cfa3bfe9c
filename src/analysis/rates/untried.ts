import type { Capacity, LadderRung } from '../../contracts/documents/result.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import { meanRateAsked, secondsAsked } from '../../contracts/input/load/schedule.ts';
import type { Requirement } from '../../contracts/input/requirement.ts';
import { formatRate } from '../report/format.ts';

/** What of a run says which rates were put to the product. */
export interface RatesTried {
  workload: ExperimentSpec['workload'];
  capacity: Capacity | null;
  ladder: readonly LadderRung[] | null;
}

/**
 * Why nobody knows whether the product would keep a least rate, or count, that it missed; null where it failed at it, or
 * below, and for any other bound.
 */
export function untriedBound(
  requirement: Requirement,
  { workload, capacity, ladder }: RatesTried,
): string | null {
  if (!('atLeast' in requirement)) return null;
  const messagesPerSecond = leastRate(requirement.metric, requirement.atLeast, workload);
  if (messagesPerSecond === null) return null;
  const { shape } = workload.load;
  if (shape === 'constant' || shape === 'steps') {
    const asked = meanRateAsked(workload);
    return messagesPerSecond > asked ? notAsked(asked) : null;
  }
  const tried = [...(ladder ?? []), ...(capacity?.probes ?? [])];
  const failed = tried.filter((one) => !one.sustained && one.messagesPerSecond <= messagesPerSecond);
  if (failed.some(({ limited }) => limited !== true)) return null;
  const [lowest] = failed.toSorted((a, b) => a.messagesPerSecond - b.messagesPerSecond);
  if (lowest) return `the load generator was the limit at ${formatRate(lowest.messagesPerSecond)} messages/s`;
  return notAsked(Math.max(0, ...tried.map((one) => one.messagesPerSecond)));
}

/** The rate in messages/s that a least rate or count takes; null of a bound on anything else than what comes through. */
export function leastRate(metric: string, atLeast: number, workload: RatesTried['workload']): number | null {
  if (metric.startsWith('throughput.')) {
    return metric.endsWith('bytesPerSecond') ? atLeast / workload.messageSizeBytes : atLeast;
  }
  return /^messages\.(scheduled|sent|acknowledged|received)$|^latency\..*\.count$/.test(metric)
    ? atLeast / secondsAsked(workload)
    : null;
}

const notAsked = (most: number) => `no more than ${formatRate(most)} messages/s were asked for`;

/**
 * Why a search found no rate at all, by its lowest probe; null where it found one, was the load generator's to blame, or
 * nothing was acknowledged.
 */
export function searchInVain(capacity: Capacity | null): string | null {
  const probes = capacity?.probes ?? [];
  if (probes.length === 0 || probes.some(({ sustained }) => sustained)) return null;
  const [lowest] = probes.toSorted((a, b) => a.messagesPerSecond - b.messagesPerSecond);
  if (!lowest?.producedMessagesPerSecond || lowest.limited) return null;
  return `no rate was sustained: at ${formatRate(lowest.messagesPerSecond)} messages/s ${lowest.reason}`;
}
