import { measuredSchedule, searchOf } from '../../contracts/input/load/schedule.ts';
import type { Load, Workload } from '../../contracts/input/workload.ts';

/** Probes of a search in which only the highest rate is sustained: doublings up to it, then halvings of the distance. */
function probesOf(load: Load): { doublings: number; halvings: number; probeSeconds: number } {
  const search = searchOf(load);
  if (!search) return { doublings: 0, halvings: 0, probeSeconds: 0 };
  const { startMessagesPerSecond, maxMessagesPerSecond, resolutionPercent, probeSeconds } = search;
  const doublings = Math.ceil(Math.log2(maxMessagesPerSecond / startMessagesPerSecond)) + 1;
  const halvings = Math.ceil(Math.log2(Math.LN2 / Math.log1p(resolutionPercent / 100)));
  // Of each distance, a rate is tried twice.
  return { doublings, halvings: 2 * halvings + 1, probeSeconds };
}

/** How long a search looks for its rate; 0 for any other load. */
export function searchSeconds(load: Load): number {
  const { doublings, halvings, probeSeconds } = probesOf(load);
  return (doublings + halvings) * probeSeconds;
}

/** Messages of a measured time, but for those of a search, of which nobody knows how many it comes to. */
export function messagesMeasured(workload: Workload): number {
  return measuredSchedule(workload).reduce(
    (total, { messagesPerSecond, seconds }) => total + messagesPerSecond * seconds,
    0,
  );
}

/** Messages of a measured time, all probes of a search included, when only its highest rate is sustained. */
export function mostMessagesMeasured(workload: Workload): number {
  const { load, durationSeconds } = workload;
  const search = searchOf(load);
  if (!search) return messagesMeasured(workload);
  const { halvings, probeSeconds } = probesOf(load);
  const shares = load.shape === 'ladder' ? (load.sharesPercent ?? []) : [];
  const rungs = shares.reduce((sum, percent) => sum + percent / 100, 0);
  // Doublings come to twice the last of them.
  return search.maxMessagesPerSecond * ((2 + halvings) * probeSeconds + (1 + rungs) * durationSeconds);
}
