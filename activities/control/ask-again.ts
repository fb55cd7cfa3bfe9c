/** How rarely those that wait ask again, all together: each time takes some processor time, while others measure. */
const oneOfThemEveryMs = 6_000;
const atLeastMs = 600_000;

/**
 * When a waiter asks the run queue again, in case that queue was terminated: after about ten minutes, or later where
 * many wait, since the first of them to ask has a new queue learn of all.
 * @param random from 0 to 1; spreads them
 */
export function askAgainMs(waiting: number, random: number): number {
  return Math.round(Math.max(atLeastMs, waiting * oneOfThemEveryMs) * (0.75 + random / 2));
}
