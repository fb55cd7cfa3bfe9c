import { kinesisQuotas } from '../../../src/technologies/kinesis.ts';
import { Resting } from '../sender/resting.ts';
import type { EndedRequest, Sendable, SendWindow } from '../sender/window.ts';

/** Limits of a PutRecords request; the service takes 10 MiB, the emulator not. */
export const { maxRecords } = kinesisQuotas.putRecords;
export const maxRequestBytes = 5 * 1024 * 1024;

/** How many times what the stream takes it is asked for, when it is full. */
const askTimes = 2;

/** Weight of the newest request in the mean time of one. */
const newestWeight = 0.1;

/** Mean rest of what was not taken; doubled for each request in a row that was not answered. */
const restMs = 200;
const maxRestMs = 1_000;

/** Rests end in steps, so that what was refused by many requests goes again in one. */
const stepMs = 50;

export interface SendQueueOptions<Unit> {
  /** What the whole stream is known to take in a second, shared among the producers; 0 where that is not known. */
  messagesPerSecond: number;
  bytesOf(unit: Unit): number;
  /** A number from 0 to below 1. */
  random(): number;
}

/**
 * What a producer has still to send: fresh batches, and what was not taken and goes again, which comes first.
 *
 * A stream at its limit is kept full by asking for twice what it takes, not for all that has piled up. A message is tried
 * once in the time of a rest and a request; so while twice what the stream takes in that time is being tried, nothing new
 * is, and what was refused rests longer the more of it there is. Each message rests for a time of its own, since any
 * moment at which nothing tries is lost to the stream. Times are monotonic milliseconds.
 */
export class SendQueue<Unit extends Sendable> implements SendWindow<Unit> {
  private readonly options: SendQueueOptions<Unit>;
  private fresh: (readonly Unit[])[] = [];
  private readonly resting = new Resting<Unit>(stepMs);
  private due: Unit[] = [];
  private underWay = 0;
  private requestMs = 0;

  constructor(options: SendQueueOptions<Unit>) {
    this.options = options;
  }

  /** Takes a batch that was never sent, within the limits of a request. */
  add(batch: readonly Unit[]): void {
    this.fresh.push(batch);
  }

  /** Takes out those that are wanted, whether they were never sent or go again. */
  giveUp(isWanted: (unit: Unit) => boolean, done: (unit: Unit) => void): void {
    const wanted = [...this.resting.takeOut(isWanted), ...this.due.filter(isWanted)];
    this.due = this.due.filter((unit) => !isWanted(unit));
    // The oldest come first.
    while (this.fresh[0]?.every(isWanted)) wanted.push(...(this.fresh.shift() ?? []));
    wanted.forEach(done);
  }

  /** When the next rest ends; null when nothing rests. */
  get wakeAtMs(): number | null {
    return this.resting.wakeAtMs;
  }

  /** What to send now, as one request; undefined for nothing. */
  next(nowMs: number): readonly Unit[] | undefined {
    this.resting.wake(nowMs, (unit) => this.due.push(unit));
    const batch = this.due.length > 0 ? this.nextDue() : this.mayTryMore() ? this.fresh.shift() : undefined;
    this.underWay += batch?.length ?? 0;
    return batch;
  }

  /** Notes what became of a request. */
  ended({ batch, again, nowMs, tookMs, unanswered }: EndedRequest<Unit>): void {
    if (unanswered === 0) this.requestMs += (tookMs - this.requestMs) * newestWeight;
    this.underWay -= batch.length;
    const crowding = Math.max(1, (this.resting.count + again.length + this.due.length) / this.tryLimit());
    const meanMs = Math.min(maxRestMs, restMs * 2 ** unanswered) * crowding;
    for (const unit of again) this.resting.add(unit, nowMs + meanMs * (0.5 + this.options.random()));
  }

  private nextDue(): Unit[] {
    let bytes = 0;
    let count = 0;
    for (const unit of this.due) {
      bytes += this.options.bytesOf(unit);
      if (count === maxRecords || (count > 0 && bytes > maxRequestBytes)) break;
      count++;
    }
    const batch = this.due.slice(0, count);
    this.due = this.due.slice(count);
    return batch;
  }

  private mayTryMore(): boolean {
    return this.resting.count === 0 || this.resting.count + this.underWay < this.tryLimit();
  }

  private tryLimit(): number {
    const roundSeconds = (restMs + this.requestMs) / 1_000;
    return Math.max(maxRecords, askTimes * this.options.messagesPerSecond * roundSeconds);
  }
}
