import type { Probe } from '../../../src/contracts/documents/progress.ts';
import type { NextStep } from '../../../src/contracts/temporal/control-activities.ts';

/** Where a search begins, how far it goes, and how fine. */
export interface SearchBounds {
  startMessagesPerSecond: number;
  maxMessagesPerSecond: number;
  resolutionPercent: number;
}

/** A rate that was tried. */
export type Tried = Pick<Probe, 'messagesPerSecond' | 'sustained' | 'hold' | 'session'>;

/** How often a rate must fail before it counts as too high: once may be a hiccup of the machine. */
const failuresToBelieve = 2;
/** And before the search rests on it. A failure over the whole measured time weighs as much. */
const failuresToRestOn = 3;
/** How far below its start a search goes before it gives up. */
const lowestShareOfStart = 1 / 1_000;
/** Against a product that answers differently each time. */
const mostProbes = 60;
/** What a product gets after it was asked for too much, to be what it was before. */
const restSeconds = 2;

/**
 * The next step of a search for the highest sustained rate, from what has been tried so far and nothing else, so that
 * it goes on after any interruption: double the rate until one fails, then halve the distance between the highest that
 * was sustained and the lowest that failed, as ratios, until they are `resolutionPercent` apart.
 *
 * A rate that failed is tried once more, and a third time before the search rests on it; a rate that is sustained later
 * lifts every failure below it. What fails as the first of a session says nothing: the product was cold.
 */
export function nextStep(bounds: SearchBounds, tried: readonly Tried[]): NextStep {
  const step = nextRate(bounds, tried);
  return tried.at(-1)?.sustained === false && step.messagesPerSecond !== null
    ? { ...step, restSeconds }
    : step;
}

function nextRate(bounds: SearchBounds, tried: readonly Tried[]): NextStep {
  const { startMessagesPerSecond, maxMessagesPerSecond, resolutionPercent } = bounds;
  const failures = failuresByRate(tried);
  const believed = [...failures].filter(([, count]) => count >= failuresToBelieve).map(([rate]) => rate);
  const tooHigh = Math.min(Number.POSITIVE_INFINITY, ...believed);
  const sustained = tried
    .filter((one) => one.sustained && one.messagesPerSecond < tooHigh)
    .map((one) => one.messagesPerSecond);
  const best = sustained.length > 0 ? Math.max(...sustained) : null;
  if (tried.length >= mostProbes) return { kind: 'found', messagesPerSecond: best };

  const last = tried.at(-1);
  if (last && !last.sustained && last.messagesPerSecond < tooHigh) return probe(last.messagesPerSecond);
  if (best === null) {
    if (tooHigh === Number.POSITIVE_INFINITY) return probe(startMessagesPerSecond);
    const lower = rounded(tooHigh / 2);
    return lower < startMessagesPerSecond * lowestShareOfStart
      ? { kind: 'found', messagesPerSecond: null }
      : probe(lower);
  }
  if (tooHigh === Number.POSITIVE_INFINITY) {
    return best >= maxMessagesPerSecond
      ? { kind: 'found', messagesPerSecond: best }
      : probe(Math.min(best * 2, maxMessagesPerSecond));
  }
  const middle = rounded(Math.sqrt(best * tooHigh));
  const isClose = tooHigh <= best * (1 + resolutionPercent / 100) || middle <= best || middle >= tooHigh;
  if (!isClose) return probe(middle);
  const isCertain = (failures.get(tooHigh) ?? 0) >= failuresToRestOn;
  return isCertain ? { kind: 'found', messagesPerSecond: best } : probe(tooHigh);
}

const probe = (messagesPerSecond: number): NextStep => ({ kind: 'probe', messagesPerSecond });

/** How often each rate has failed since it, or a higher one, was last sustained. */
function failuresByRate(tried: readonly Tried[]): Map<number, number> {
  const failures = new Map<number, number>();
  tried.forEach(({ messagesPerSecond, sustained, hold, session }, index) => {
    if (sustained) {
      for (const rate of failures.keys()) if (rate <= messagesPerSecond) failures.delete(rate);
    } else if (index === 0 || session === tried[index - 1]?.session) {
      const weight = hold ? failuresToRestOn : 1;
      failures.set(messagesPerSecond, (failures.get(messagesPerSecond) ?? 0) + weight);
    }
  });
  return failures;
}

/** Four digits are finer than any resolution. */
function rounded(messagesPerSecond: number): number {
  return Number(messagesPerSecond.toPrecision(4));
}
