/**
 * The search of release 0.1.0, whose histories must replay: leave it as it is. Since then `judgeProbe` says what to try
 * next (activities/control/search/capacity-search.ts), so that a running search is none of the workflow code's business.
 */
import type { NextStep } from '../../src/contracts/temporal/control-activities.ts';

/** Where a search begins, how far it goes, and how fine. */
interface SearchBounds {
  startMessagesPerSecond: number;
  maxMessagesPerSecond: number;
  resolutionPercent: number;
}

/** A rate that was tried. */
interface Tried {
  messagesPerSecond: number;
  sustained: boolean;
  /** Whether it was tried for the whole measured time, after the search had found it. */
  hold: boolean;
}

/** How often a rate must fail before it counts as too high: once may be a hiccup of the machine. */
const failuresToBelieve = 2;
/** How far below its start a search goes before it gives up. */
const lowestShareOfStart = 1 / 1_000;
/** Against a product that answers differently each time. */
const mostProbes = 60;

/**
 * The next step of a search for the highest sustained rate, from what has been tried so far and nothing else, so that
 * it goes on after any interruption: double the rate until one fails, then halve the distance between the highest that
 * was sustained and the lowest that failed, as ratios, until they are `resolutionPercent` apart.
 *
 * A rate that failed is tried once more; one that failed over the whole measured time has failed for good.
 */
export function nextStepOf01(bounds: SearchBounds, tried: readonly Tried[]): NextStep {
  const { startMessagesPerSecond, maxMessagesPerSecond, resolutionPercent } = bounds;
  const tooHigh = lowestFailed(tried);
  const sustained = tried
    .filter((one) => one.sustained && one.messagesPerSecond < tooHigh)
    .map((one) => one.messagesPerSecond);
  const best = sustained.length > 0 ? Math.max(...sustained) : null;
  if (tried.length >= mostProbes) return { kind: 'found', messagesPerSecond: best };

  const last = tried.at(-1);
  if (last && !last.sustained && last.messagesPerSecond < tooHigh) {
    return { kind: 'probe', messagesPerSecond: last.messagesPerSecond };
  }
  if (best === null) {
    if (tooHigh === Number.POSITIVE_INFINITY)
      return { kind: 'probe', messagesPerSecond: startMessagesPerSecond };
    const lower = rounded(tooHigh / 2);
    return lower < startMessagesPerSecond * lowestShareOfStart
      ? { kind: 'found', messagesPerSecond: null }
      : { kind: 'probe', messagesPerSecond: lower };
  }
  if (tooHigh === Number.POSITIVE_INFINITY) {
    return best >= maxMessagesPerSecond
      ? { kind: 'found', messagesPerSecond: best }
      : { kind: 'probe', messagesPerSecond: Math.min(best * 2, maxMessagesPerSecond) };
  }
  const middle = rounded(Math.sqrt(best * tooHigh));
  const closeEnough = tooHigh <= best * (1 + resolutionPercent / 100);
  return closeEnough || middle <= best || middle >= tooHigh
    ? { kind: 'found', messagesPerSecond: best }
    : { kind: 'probe', messagesPerSecond: middle };
}

/** The lowest rate that has failed for good; infinity while none has. */
function lowestFailed(tried: readonly Tried[]): number {
  const failures = new Map<number, number>();
  for (const { messagesPerSecond, sustained, hold } of tried) {
    if (sustained) continue;
    const more = hold ? failuresToBelieve : 1;
    failures.set(messagesPerSecond, (failures.get(messagesPerSecond) ?? 0) + more);
  }
  const believed = [...failures].filter(([, count]) => count >= failuresToBelieve).map(([rate]) => rate);
  return Math.min(Number.POSITIVE_INFINITY, ...believed);
}

/** Four digits are finer than any resolution. */
function rounded(messagesPerSecond: number): number {
  return Number(messagesPerSecond.toPrecision(4));
}
