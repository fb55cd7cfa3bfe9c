import { emptyCounts, type LatencyCounts } from './latency-counts.ts';

/** What one thread recorded in one second of a round: sums by name, and latencies by name. */
export interface Interval<Sum extends string, Latency extends string> {
  /** Seconds since the start of the schedule, at the end of the interval; whole, from 1. */
  second: number;
  sums: Record<Sum, number>;
  latencies: Record<Latency, LatencyCounts>;
}

/**
 * Records one thread's sums and latencies second by second. Each second goes out whole and nothing is kept, so that
 * recording costs the same however long the round is, and every total is the sum of its seconds.
 */
export class Recorder<Sum extends string, Latency extends string> {
  /** Of the current second; for adding to. */
  sums: Record<Sum, number>;
  latencies: Record<Latency, LatencyCounts>;
  /** When the current second ends. */
  endMicros: number;
  private second = 1;
  private readonly sumNames: readonly Sum[];
  private readonly latencyNames: readonly Latency[];
  private readonly startMicros: number;
  private readonly emit: (interval: Interval<Sum, Latency>) => void;

  constructor(
    sumNames: readonly Sum[],
    latencyNames: readonly Latency[],
    startMicros: number,
    emit: (interval: Interval<Sum, Latency>) => void,
  ) {
    this.sumNames = sumNames;
    this.latencyNames = latencyNames;
    this.startMicros = startMicros;
    this.endMicros = startMicros + 1e6;
    this.emit = emit;
    this.sums = this.freshSums();
    this.latencies = this.freshLatencies();
  }

  /** To be called before recording: hands out the current second if it has passed. */
  advanceTo(nowMicros: number): void {
    if (nowMicros < this.endMicros) return;
    this.flush();
    this.second = Math.floor((nowMicros - this.startMicros) / 1e6) + 1;
    this.endMicros = this.startMicros + this.second * 1e6;
  }

  /** Hands out what has been recorded since the last full second, if anything. */
  flush(): void {
    if (!this.sumNames.some((name) => this.sums[name] !== 0) && !this.anyLatency()) return;
    this.emit({ second: this.second, sums: this.sums, latencies: this.latencies });
    this.sums = this.freshSums();
    this.latencies = this.freshLatencies();
  }

  private anyLatency(): boolean {
    return this.latencyNames.some((name) => this.latencies[name].some((count) => count !== 0));
  }

  private freshSums(): Record<Sum, number> {
    return Object.fromEntries(this.sumNames.map((name) => [name, 0])) as Record<Sum, number>;
  }

  private freshLatencies(): Record<Latency, LatencyCounts> {
    return Object.fromEntries(this.latencyNames.map((name) => [name, emptyCounts()])) as Record<
      Latency,
      LatencyCounts
    >;
  }
}
