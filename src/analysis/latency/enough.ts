/** Samples beyond a percentile without which it is the latency of one or two messages. */
export const leastBeyond = 10;

/** Whether so many messages carry a percentile, from 0 to 100. */
export function hasEnough(messages: number, percentile: number): boolean {
  return beyond(messages, percentile) >= leastBeyond;
}

/** How many messages it takes to carry a percentile, from 0 to 100. */
export function messagesNeeded(percentile: number): number {
  return Math.ceil(leastBeyond / beyond(1, percentile));
}

/** How many messages lie beyond a percentile; rounded, for 1 - 0.999 is a little more than a thousandth. */
export function beyond(messages: number, percentile: number): number {
  return Math.round(messages * (1 - percentile / 100) * 1e6) / 1e6;
}
