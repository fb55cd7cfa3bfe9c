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
  };
}

/** Sums over all threads, as of now; zeros before the first round. */
export function countersOf(round: Round | null): Counters {
  return round?.liveCounters() ?? sumCounters([]);
}

/** Turns running counters into rates. */
export class LiveRates {
  private last: { atMs: number; counters: Counters } | null = null;
  private rates: Counters = zero();
  private readonly read: () => Counters;
  private readonly timer: NodeJS.Timeout;

  /** @param read the counters as of now; lower than before means that they began anew */
  constructor(read: () => Counters) {
    this.read = read;
    this.timer = setInterval(() => this.sample(), 1_000);
    this.timer.unref();
  }

  /** Per second, over the last full second. */
  perSecond(): Counters {
    return this.rates;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private sample(): void {
    const now = { atMs: performance.now(), counters: this.read() };
    const { last } = this;
    this.last = now;
    if (!last) return;
    const seconds = (now.atMs - last.atMs) / 1_000;
    const began =
      now.counters.handed < last.counters.handed || now.counters.received < last.counters.received;
    for (const name of counterNames) {
      this.rates[name] = Math.max(0, now.counters[name] - (began ? 0 : last.counters[name])) / seconds;
    }
  }
}

function zero(): Counters {
  return Object.fromEntries(counterNames.map((name) => [name, 0])) as Counters;
}
