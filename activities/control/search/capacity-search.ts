import type { Probe } from '../../../src/contracts/documents/progress.ts';
import type { NextStep } from '../../../src/contracts/temporal/control-activities.ts';

/** Where a search begins, how far it goes, and how fine. */
export interface SearchBounds {
  startMessagesPerSecond: number;
  maxMessagesPerSecond: number;
  resolutionPercent: number;
}

/** A rate that was tried, and what came through of it where that was measured. */
export type Tried = Pick<Probe, 'messagesPerSecond' | 'sustained' | 'hold' | 'session'> &
  Partial<Pick<Probe, 'consumedMessagesPerSecond'>>;

/** How often a rate must fail before it counts as too high: once may be a hiccup of the machine. */
const failuresToBelieve = 2;
/** And before the search rests on it. A failure over the whole measured time weighs as much. */
const failuresToRestOn = 3;
/** How far below its start a search goes before it gives up. */
const lowestShareOfStart = 1 / 1_000;
/** Against a product that answers differently each time. */
const mostProbes = 60;
/** What a product gets between two rates: to catch up, and to be rid of what was deleted, which stalls what it does then. */
const restSeconds = 2;

/**
 * The next step of a search for the highest sustained rate, from what has been tried so far and nothing else, so that
 * it goes on after any interruption: double the rate until one fails, then halve the distance between the highest that
 * was sustained and the lowest that failed, as ratios, until they are `resolutionPercent` apart. What came through of a rate
 * that failed says where in between to look first.
 *
 * A rate that failed is tried once more, and a third time before the search rests on it; a rate that is sustained later
 * lifts every failure below it. What fails as the first of a session says nothing: the product was cold.
 */
export function nextStep(bounds: SearchBounds, tried: readonly Tried[]): NextStep {
  return rested(nextRate(bounds, tried), tried);
}

/** The step, after a rest unless nothing was tried before it. */
export function rested(step: NextStep, tried: readonly Tried[]): NextStep {
  return tried.length > 0 && step.messagesPerSecond !== null ? { ...step, restSeconds } : step;
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
  const resolution = 1 + resolutionPercent / 100;
  const middle = rateBetween(best, tooHigh, resolution, mostThrough(tooHigh, tried));
  const isClose = tooHigh <= best * resolution || middle <= best || middle >= tooHigh;
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

/**
 * What to try between a rate that was sustained and one that failed: their middle, or less where the limit must be lower by
 * what came through of the one that failed. That is a step below what came through; or, where the best is about that
 * already, a step above the best.
 * @param resolution ratio of two rates that are a step apart
 */
function rateBetween(best: number, tooHigh: number, resolution: number, through: number): number {
  const middle = Math.sqrt(best * tooHigh);
  const below = through / resolution;
  if (below > best * resolution && below < middle) return rounded(below);
  const isBestAboutThat = through >= best / resolution && through <= best * resolution ** 2;
  return rounded(isBestAboutThat ? Math.min(middle, best * resolution) : middle);
}

/** The most that came through when this rate failed, in messages/s; infinite where that is not known. */
function mostThrough(messagesPerSecond: number, tried: readonly Tried[]): number {
  const rates = tried.flatMap((one) =>
    one.messagesPerSecond === messagesPerSecond && !one.sustained
      ? (one.consumedMessagesPerSecond ?? Number.POSITIVE_INFINITY)
      : [],
  );
  return rounded(Math.max(...rates));
}

/** Four digits are finer than any resolution. */
function rounded(messagesPerSecond: number): number {
  return Number(messagesPerSecond.toPrecision(4));
}
