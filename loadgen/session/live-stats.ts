import type { LiveStats } from '../../src/contracts/documents/progress.ts';
import { type Counters, counterNames, sumCounters } from '../measure/counters.ts';
import { rateAt } from '../measure/pacer.ts';
import type { Round } from './round.ts';

/**
 * What happens now: the heartbeat of the activities.
 * @param round the one under way; null before the first
 * @param probe number of the probe that it is, null for none
 * @param perSecond rates over the last full second
 */
export function liveStatsOf(round: Round | null, probe: number | null, perSecond: Counters): LiveStats {
  const counters = countersOf(round);
  const secondsTotal = round?.expectedSeconds ?? 0;
  const elapsed = round?.elapsedSeconds ?? 0;
  return {
    atEpochMs: Date.now(),
    probe,
    intendedPerSecond: round ? rateAt(round.plan.steps, elapsed) : 0,
    secondsElapsed: Math.min(secondsTotal, Math.max(0, elapsed)),
    secondsTotal,
    producedPerSecond: perSecond.acknowledged,
    consumedPerSecond: perSecond.received,
    acknowledged: counters.acknowledged,
    received: counters.received,
    backlog: Math.max(0, counters.acknowledged - counters.received),
    failed: counters.failed,
    publishP50Ms: round?.produced.latestPercentileMs('publish', 50) ?? null,
    publishP99Ms: round?.produced.latestPercentileMs('publish', 99) ?? null,
    publishScheduledP50Ms: round?.produced.latestPercentileMs('publishScheduled', 50) ?? null,
    publishScheduledP99Ms: round?.produced.latestPercentileMs('publishScheduled', 99) ?? null,
    endToEndP50Ms: round?.consumed.latestPercentileMs('endToEnd', 50) ?? null,
    endToEndP99Ms: round?.consumed.latestPercentileMs('endToEnd', 99) ?? null,
    ownLatenessP99Ms: round?.produced.latestPercentileMs('ownLateness', 99) ?? null,
  };
}

/** Sums over all threads, as of now; zeros before the first round. */
export function countersOf(round: Round | null): Counters {
  return round?.liveCounters() ?? sumCounters([]);
}

/** Turns running counters into rates. */
export class LiveRates {
  /** The counters of each second, the newest last. */
  private samples: Sample[] = [];
  private rates: Counters = zero();
  private readonly read: () => Counters;
  private readonly timer: NodeJS.Timeout;

  /** @param read the counters as of now; lower than before means that they began anew */
  constructor(read: () => Counters) {
    this.read = read;
    this.timer = setInterval(() => this.sample(), 1_000);
    this.timer.unref();
  }

  /** Per second, as in `ratesOf`. */
  perSecond(): Counters {
    return this.rates;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private sample(): void {
    const now = { atMs: performance.now(), counters: this.read() };
    this.samples = keptSamples(this.samples, now);
    this.rates = ratesOf(this.samples);
  }
}

/** Running counters, and when they were read. */
export interface Sample {
  atMs: number;
  counters: Counters;
}

/** A rate rests on this many messages, or on as many seconds: fewer would make it jump, one in five seconds to 0 and 1. */
const enoughMessages = 10;
const mostSamples = 61;

/** The samples with a newer one; counters that began anew did so at zero, when they were last read. */
export function keptSamples(samples: readonly Sample[], now: Sample): Sample[] {
  const last = samples.at(-1);
  const isAnew =
    last !== undefined &&
    (now.counters.handed < last.counters.handed || now.counters.received < last.counters.received);
  const before = isAnew ? [{ atMs: last.atMs, counters: zero() }] : samples;
  return [...before, now].slice(-mostSamples);
}

/**
 * What each counter counts per second: over the last second, or as many as it takes to have counted ten, up to a minute.
 * What stops is seen to stop: none in twice the time that one usually takes is none.
 */
export function ratesOf(samples: readonly Sample[]): Counters {
  const rates = zero();
  const now = samples.at(-1);
  if (!now) return rates;
  const earlier = samples.slice(0, -1).reverse();
  for (const name of counterNames) {
    const since = (one: Sample) => Math.max(0, now.counters[name] - one.counters[name]);
    const from = earlier.find((one) => since(one) >= enoughMessages) ?? earlier.at(-1);
    if (!from) continue;
    const rate = (since(from) / (now.atMs - from.atMs)) * 1_000;
    const lastGrew = earlier.findIndex((one) => since(one) > 0);
    // It grew between that sample and the next, and has been idle since that one.
    const idleSince = lastGrew > 0 ? earlier[lastGrew - 1] : now;
    const idleSeconds = idleSince ? (now.atMs - idleSince.atMs) / 1_000 : 0;
    rates[name] = idleSeconds * rate > 2 ? 0 : rate;
  }
  return rates;
}

function zero(): Counters {
  return Object.fromEntries(counterNames.map((name) => [name, 0])) as Counters;
}
