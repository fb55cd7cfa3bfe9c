import type { Load, RateStep, Search, Workload } from '../workload.ts';

/** The rates that a workload asks for in its measured time; of a search, the one with which it begins. */
export function measuredSchedule({ load, durationSeconds }: Workload): RateStep[] {
  switch (load.shape) {
    case 'constant':
      return [{ messagesPerSecond: load.messagesPerSecond, seconds: durationSeconds }];
    case 'steps':
      return load.steps;
    case 'capacity-search':
      return [{ messagesPerSecond: load.startMessagesPerSecond, seconds: durationSeconds }];
    case 'ladder':
      return (load.ratesMessagesPerSecond ?? [load.startMessagesPerSecond]).map((messagesPerSecond) => ({
        messagesPerSecond,
        seconds: durationSeconds,
      }));
  }
}

/** How many messages one round of the measured time has at most: of a search, at the highest rate that it may find. */
export function mostMessages(workload: Workload): number {
  const { load, durationSeconds } = workload;
  const search = searchOf(load);
  if (search) return search.maxMessagesPerSecond * Math.max(search.probeSeconds, durationSeconds);
  if (load.shape === 'ladder') return Math.max(...(load.ratesMessagesPerSecond ?? [])) * durationSeconds;
  return measuredSchedule(workload).reduce(
    (total, { messagesPerSecond, seconds }) => total + messagesPerSecond * seconds,
    0,
  );
}

/** The rate of the warm-up: the one with which the measurement begins. */
export function warmupMessagesPerSecond(workload: Workload): number {
  const first = measuredSchedule(workload).find(({ messagesPerSecond }) => messagesPerSecond > 0);
  return first?.messagesPerSecond ?? 0;
}

/** How long a warm-up goes on at most; of a workload that an earlier release accepted, how long it lasts. */
export function longestWarmupSeconds({ warmupSeconds, maxWarmupSeconds }: Workload): number {
  return Math.max(warmupSeconds, maxWarmupSeconds ?? 0);
}

/** The highest rate that a workload asks for; of a search null, for it asks what there is. */
export function highestRateAsked(workload: Workload): number | null {
  if (searchOf(workload.load)) return null;
  return Math.max(...measuredSchedule(workload).map(({ messagesPerSecond }) => messagesPerSecond));
}

/** The mean rate that a workload asks for in its measured time. */
export function meanRateAsked(workload: Workload): number {
  const steps = measuredSchedule(workload);
  const messages = steps.reduce(
    (total, { messagesPerSecond, seconds }) => total + messagesPerSecond * seconds,
    0,
  );
  return messages / steps.reduce((total, { seconds }) => total + seconds, 0);
}

/** How long a round of the measured time asks for messages. */
export function secondsAsked(workload: Workload): number {
  const { load, durationSeconds } = workload;
  return load.shape === 'steps'
    ? load.steps.reduce((total, { seconds }) => total + seconds, 0)
    : durationSeconds;
}

/** A load as one that looks for the highest rate that is sustained; null where it does not, as a ladder of given rates. */
export function searchOf(load: Load): Search | null {
  if (load.shape === 'ladder') return load.ratesMessagesPerSecond ? null : load;
  return load.shape === 'capacity-search' ? load : null;
}
