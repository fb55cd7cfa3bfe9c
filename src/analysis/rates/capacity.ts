import type { Probe } from '../../contracts/documents/progress.ts';
import type { Capacity, Result } from '../../contracts/documents/result.ts';
import { searchInVain } from './untried.ts';

/**
 * What the searches of several runs found: the median of those that ended, with the probes of the run that is nearest to
 * it from above. One that found that nothing is sustained counts as the lowest; where the middle lies between such a run
 * and one that found a rate there is no median, and its probes are those of the latter.
 * @returns null where no run searched
 */
export function capacityOfRuns(
  results: readonly Pick<Result, 'capacity' | 'partial' | 'failure'>[],
): Capacity | null {
  const searched = results.flatMap(({ capacity }) => capacity ?? []);
  const [first] = searched;
  if (!first) return null;
  const ended = endedSearches(results).toSorted((a, b) => rateOf(a) - rateOf(b));
  const upper = ended[Math.floor(ended.length / 2)];
  const lower = ended[Math.ceil(ended.length / 2) - 1];
  if (!upper || !lower) return { ...first, sustainableMessagesPerSecond: null };
  const median = rateOf(lower) === 0 ? null : (rateOf(lower) + rateOf(upper)) / 2;
  return { ...upper, sustainableMessagesPerSecond: median };
}

/** What runs found, without those that were cut short or failed before they knew. */
function endedSearches(results: readonly Pick<Result, 'capacity' | 'partial' | 'failure'>[]): Capacity[] {
  return results.flatMap(({ capacity, partial, failure }) => {
    if (!capacity || partial || failure) return [];
    return capacity.sustainableMessagesPerSecond !== null || searchInVain(capacity) ? [capacity] : [];
  });
}

const rateOf = ({ sustainableMessagesPerSecond }: Capacity) => sustainableMessagesPerSecond ?? 0;

/** In how many of the runs whose search ended it found no rate at all, in words; null where it found one in each. */
export function foundNone(
  results: readonly Pick<Result, 'capacity' | 'partial' | 'failure'>[],
): string | null {
  const ended = endedSearches(results);
  const none = ended.filter((capacity) => rateOf(capacity) === 0).length;
  return none > 0 ? `${none} of ${ended.length} runs found no rate that is sustained` : null;
}

/** Whether some runs found a rate and as many found none, so that nothing is known. */
export function isDisputed({ sustainableMessagesPerSecond, probes }: Capacity): boolean {
  return sustainableMessagesPerSecond === null && heldRates(probes).length > 0;
}

const heldRates = (probes: readonly Probe[]) =>
  probes.filter(({ hold, sustained }) => hold && sustained).map((probe) => probe.messagesPerSecond);

/** The lowest rate above what was sustained that was tried and failed; in words why there is none. */
export function nextTried(capacity: Capacity): Probe | string {
  if (isDisputed(capacity)) return 'some runs found a rate, and others none';
  const { sustainableMessagesPerSecond: best, probes } = capacity;
  // Of several runs, the one whose probes they are found a little more.
  const least = Math.max(best ?? 0, ...heldRates(probes));
  const [next] = probes
    .filter(({ sustained, messagesPerSecond }) => !sustained && messagesPerSecond > least)
    .toSorted((a, b) => a.messagesPerSecond - b.messagesPerSecond);
  return next ?? (best === null ? 'the search did not end' : 'it was the highest rate to try');
}
