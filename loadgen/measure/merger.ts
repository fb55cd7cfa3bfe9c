import { addCounts, emptyCounts, type LatencyCounts, percentileMs } from './latency-counts.ts';
import type { Interval } from './recorder.ts';

/** The sums and latencies of one second, over all threads. */
export interface MergedSecond<Sum extends string, Latency extends string> {
  second: number;
  sums: Record<Sum, number>;
  p50Ms: Record<Latency, number | null>;
  p99Ms: Record<Latency, number | null>;
}

/**
 * Merges the intervals of several threads into seconds and totals. Counts are added, percentiles only ever read from
 * the sum. A second keeps its counts until `keepSeconds` later, then only its percentiles, so that a round of hours
 * holds a few numbers a second.
 */
export class Merger<Sum extends string, Latency extends string> {
  readonly totals: Record<Sum, number>;
  readonly latencies: Record<Latency, LatencyCounts>;
  private readonly seconds = new Map<number, MergedSecond<Sum, Latency>>();
  private readonly open = new Map<number, Interval<Sum, Latency>>();
  private readonly sumNames: readonly Sum[];
  private readonly latencyNames: readonly Latency[];

  constructor(sumNames: readonly Sum[], latencyNames: readonly Latency[]) {
    this.sumNames = sumNames;
    this.latencyNames = latencyNames;
    this.totals = Object.fromEntries(sumNames.map((name) => [name, 0])) as Record<Sum, number>;
    this.latencies = Object.fromEntries(
      latencyNames.map((name) => [name, emptyCounts()]),
    ) as typeof this.latencies;
  }

  /** Adds what a thread recorded; takes over the interval. */
  add(interval: Interval<Sum, Latency>): void {
    for (const name of this.sumNames) this.totals[name] += interval.sums[name];
    for (const name of this.latencyNames) addCounts(this.latencies[name], interval.latencies[name]);
    const merged = this.open.get(interval.second);
    if (!merged) {
      this.open.set(interval.second, interval);
    } else {
      for (const name of this.sumNames) merged.sums[name] += interval.sums[name];
      for (const name of this.latencyNames) addCounts(merged.latencies[name], interval.latencies[name]);
    }
    for (const second of this.open.keys()) if (second < interval.second - keepSeconds) this.close(second);
  }

  /** Every second in which something was recorded, in order. */
  series(): MergedSecond<Sum, Latency>[] {
    for (const second of [...this.open.keys()]) this.close(second);
    return [...this.seconds.values()].sort((a, b) => a.second - b.second);
  }

  /** A percentile of the newest second, in milliseconds. */
  latestPercentileMs(name: Latency, percentile: number): number | null {
    let newest: Interval<Sum, Latency> | undefined;
    for (const interval of this.open.values())
      if (!newest || interval.second > newest.second) newest = interval;
    return newest ? percentileMs(newest.latencies[name], percentile) : null;
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
    const percentiles = (percentile: number) =>
      Object.fromEntries(
        this.latencyNames.map((name) => [name, percentileMs(interval.latencies[name], percentile)]),
      ) as Record<Latency, number | null>;
    this.seconds.set(second, { second, sums: interval.sums, p50Ms: percentiles(50), p99Ms: percentiles(99) });
  }
}

/** Threads hand out their seconds when they get to it, each in its own moment. */
const keepSeconds = 5;
