import type { EncodedHistogram } from '../../src/contracts/documents/load-parts.ts';
import { addCounts, emptyCounts, encodeCounts, type LatencyCounts, percentileMs } from './latency-counts.ts';
import type { Interval } from './recorder.ts';

/** The sums and latencies of one second, over all threads. */
export interface MergedSecond<Sum extends string, Latency extends string> {
  second: number;
  sums: Record<Sum, number>;
  p50Ms: Record<Latency, number | null>;
  p99Ms: Record<Latency, number | null>;
}

/** The latencies of several seconds, over all threads; those of a thread that was held up for long come extra. */
export interface MergedInterval<Latency extends string> {
  /** Seconds since the start, at its end. */
  second: number;
  histograms: Record<Latency, EncodedHistogram>;
}

/**
 * Merges the intervals of several threads into seconds and totals. Counts are added, percentiles only ever read from
 * the sum. A second keeps its counts until `keepSeconds` later, then only its percentiles, so that a round of hours
 * holds a few numbers a second; longer intervals keep their histograms.
 */
export class Merger<Sum extends string, Latency extends string> {
  readonly totals: Record<Sum, number>;
  readonly latencies: Record<Latency, LatencyCounts>;
  private readonly seconds = new Map<number, MergedSecond<Sum, Latency>>();
  private readonly closedIntervals: MergedInterval<Latency>[] = [];
  private readonly openIntervals = new Map<number, Record<Latency, LatencyCounts>>();
  private readonly intervalSeconds: number;
  private readonly open = new Map<number, Interval<Sum, Latency>>();
  private readonly sumNames: readonly Sum[];
  private readonly latencyNames: readonly Latency[];

  /** @param intervalSeconds whole; over how many a histogram is kept */
  constructor(
    sumNames: readonly Sum[],
    latencyNames: readonly Latency[],
    intervalSeconds: number = leastIntervalSeconds,
  ) {
    this.sumNames = sumNames;
    this.latencyNames = latencyNames;
    this.intervalSeconds = intervalSeconds;
    this.totals = Object.fromEntries(sumNames.map((name) => [name, 0])) as Record<Sum, number>;
    this.latencies = this.noCounts();
  }

  /** Adds what a thread recorded; takes over the interval. */
  add(interval: Interval<Sum, Latency>): void {
    for (const name of this.sumNames) this.totals[name] += interval.sums[name];
    for (const name of this.latencyNames) addCounts(this.latencies[name], interval.latencies[name]);
    this.addToInterval(interval);
    const merged = this.open.get(interval.second);
    if (!merged) {
      this.open.set(interval.second, interval);
    } else {
      for (const name of this.sumNames) merged.sums[name] += interval.sums[name];
      for (const name of this.latencyNames) addCounts(merged.latencies[name], interval.latencies[name]);
    }
    for (const second of this.open.keys()) if (second < interval.second - keepSeconds) this.close(second);
    for (const second of this.openIntervals.keys()) {
      if (second < interval.second - keepSeconds) this.closeInterval(second);
    }
  }

  /** Every second in which something was recorded, in order. */
  series(): MergedSecond<Sum, Latency>[] {
    for (const second of [...this.open.keys()]) this.close(second);
    return [...this.seconds.values()].sort((a, b) => a.second - b.second);
  }

  /** The same of the newest seconds, up to one, as far as they are known by now. */
  newest(count: number, untilSecond: number): (MergedSecond<Sum, Latency> | null)[] {
    return Array.from({ length: Math.min(count, untilSecond) }, (_, index) => {
      const second = untilSecond - Math.min(count, untilSecond) + 1 + index;
      const interval = this.open.get(second);
      return this.seconds.get(second) ?? (interval ? this.merged(interval) : null);
    });
  }

  /** Every interval in which something was recorded, in order. */
  intervals(): MergedInterval<Latency>[] {
    for (const second of [...this.openIntervals.keys()]) this.closeInterval(second);
    return this.closedIntervals.toSorted((a, b) => a.second - b.second);
  }

  /** A percentile of the newest second, in milliseconds. */
  latestPercentileMs(name: Latency, percentile: number): number | null {
    let newest: Interval<Sum, Latency> | undefined;
    for (const interval of this.open.values())
      if (!newest || interval.second > newest.second) newest = interval;
    return newest ? percentileMs(newest.latencies[name], percentile) : null;
  }

  private addToInterval({ second, latencies }: Interval<Sum, Latency>): void {
    const end = Math.ceil(second / this.intervalSeconds) * this.intervalSeconds;
    const counts = this.openIntervals.get(end) ?? this.noCounts();
    this.openIntervals.set(end, counts);
    for (const name of this.latencyNames) addCounts(counts[name], latencies[name]);
  }

  private closeInterval(second: number): void {
    const counts = this.openIntervals.get(second);
    if (!counts) return;
    this.openIntervals.delete(second);
    const histograms = Object.fromEntries(
      this.latencyNames.map((name) => [name, encodeCounts(counts[name])]),
    ) as Record<Latency, EncodedHistogram>;
    this.closedIntervals.push({ second, histograms });
  }

  private noCounts(): Record<Latency, LatencyCounts> {
    return Object.fromEntries(this.latencyNames.map((name) => [name, emptyCounts()])) as Record<
      Latency,
      LatencyCounts
    >;
  }

  private close(second: number): void {
    const interval = this.open.get(second);
    if (!interval) return;
    this.open.delete(second);
    const earlier = this.seconds.get(second);
    if (earlier) {
      // From a thread that was held up for long: its counts still belong here, the percentiles stay.
      for (const name of this.sumNames) earlier.sums[name] += interval.sums[name];
      return;
    }
    this.seconds.set(second, this.merged(interval));
  }

  private merged({ second, sums, latencies }: Interval<Sum, Latency>): MergedSecond<Sum, Latency> {
    const percentiles = (percentile: number) =>
      Object.fromEntries(
        this.latencyNames.map((name) => [name, percentileMs(latencies[name], percentile)]),
      ) as Record<Latency, number | null>;
    return { second, sums, p50Ms: percentiles(50), p99Ms: percentiles(99) };
  }
}

/** Not much for the one who moves a window later, and few over the longest run. */
const leastIntervalSeconds = 5;
const mostIntervals = 100;

/** Over how many seconds each histogram of a schedule is kept. */
export function intervalSecondsOf(durationSeconds: number): number {
  return Math.max(leastIntervalSeconds, Math.ceil(durationSeconds / mostIntervals));
}

/** Threads hand out their seconds when they get to it, each in its own moment. */
const keepSeconds = 5;
