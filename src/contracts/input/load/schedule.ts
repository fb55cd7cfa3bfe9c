import type { RateStep, Workload } from '../workload.ts';

/** The rates that a workload asks for in its measured time; of a search, the one with which it begins. */
export function measuredSchedule({ load, durationSeconds }: Workload): RateStep[] {
  switch (load.shape) {
    case 'constant':
      return [{ messagesPerSecond: load.messagesPerSecond, seconds: durationSeconds }];
    case 'steps':
      return load.steps;
    case 'capacity-search':
      return [{ messagesPerSecond: load.startMessagesPerSecond, seconds: durationSeconds }];
  }
}

/** How many messages one round of the measured time has at most: of a search, at the highest rate that it may find. */
export function mostMessages(workload: Workload): number {
  const { load, durationSeconds } = workload;
  if (load.shape === 'capacity-search') {
    return load.maxMessagesPerSecond * Math.max(load.probeSeconds, durationSeconds);
  }
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

/** The highest rate that a workload asks for; of a search null, for it asks what there is. */
export function highestRateAsked(workload: Workload): number | null {
  if (workload.load.shape === 'capacity-search') return null;
  return Math.max(...measuredSchedule(workload).map(({ messagesPerSecond }) => messagesPerSecond));
}
