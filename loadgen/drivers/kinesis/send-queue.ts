import { kinesisQuotas } from '../../../src/technologies/kinesis.ts';
import type { OutgoingMessage } from '../../measure/message-pool.ts';

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

export interface SendQueueOptions {
  /** What the whole stream is known to take in a second, shared among the producers; 0 where that is not known. */
  messagesPerSecond: number;
  bytesOf(message: OutgoingMessage): number;
  /** A number from 0 to below 1. */
  random(): number;
}

/** A request that was answered, or not. */
export interface EndedRequest {
  batch: readonly OutgoingMessage[];
  /** What of it goes again, after a rest. */
  again: readonly OutgoingMessage[];
  nowMs: number;
  tookMs: number;
  /** Requests in a row that got no answer, this one among them. */
  unanswered: number;
}

/**
 * What a producer has still to send: fresh batches, and what was not taken and goes again, which comes first.
 *
 * A stream at its limit is kept full by asking for twice what it takes, not for all that has piled up. A message is tried
 * once in the time of a rest and a request; so while twice what the stream takes in that time is being tried, nothing new
 * is, and what was refused rests longer the more of it there is. Each message rests for a time of its own, since any
 * moment at which nothing tries is lost to the stream. Times are monotonic milliseconds.
 */
export class SendQueue {
  private readonly options: SendQueueOptions;
  private readonly fresh: OutgoingMessage[][] = [];
  /** What rests, by the step in which that ends. */
  private readonly resting = new Map<number, OutgoingMessage[]>();
  private restingCount = 0;
  private due: OutgoingMessage[] = [];
  private underWay = 0;
  private requestMs = 0;

  constructor(options: SendQueueOptions) {
    this.options = options;
  }

  /** Takes a batch that was never sent, within the limits of a request. */
  add(batch: OutgoingMessage[]): void {
    this.fresh.push(batch);
  }

  /** Takes out the batches that were handed over before this moment, in monotonic microseconds, and never sent. */
  takeOlderThan(micros: number): OutgoingMessage[] {
    const isOlder = (batch: OutgoingMessage[]) => batch.every(({ sentMicros }) => sentMicros < micros);
    const firstToKeep = this.fresh.findIndex((batch) => !isOlder(batch));
    return this.fresh.splice(0, firstToKeep < 0 ? this.fresh.length : firstToKeep).flat();
  }

  /** When the next rest ends; null when nothing rests. */
  get wakeAtMs(): number | null {
    return this.resting.size > 0 ? Math.min(...this.resting.keys()) : null;
  }

  /** What to send now, as one request; undefined for nothing. */
  next(nowMs: number): OutgoingMessage[] | undefined {
    this.wake(nowMs);
    const batch = this.due.length > 0 ? this.nextDue() : this.mayTryMore() ? this.fresh.shift() : undefined;
    this.underWay += batch?.length ?? 0;
    return batch;
  }

  /** Notes what became of a request. */
  ended({ batch, again, nowMs, tookMs, unanswered }: EndedRequest): void {
    if (unanswered === 0) this.requestMs += (tookMs - this.requestMs) * newestWeight;
    this.underWay -= batch.length;
    this.restingCount += again.length;
    const crowding = Math.max(1, (this.restingCount + this.due.length) / this.tryLimit());
    const meanMs = Math.min(maxRestMs, restMs * 2 ** unanswered) * crowding;
    for (const message of again) {
      const untilMs = Math.ceil((nowMs + meanMs * (0.5 + this.options.random())) / stepMs) * stepMs;
      const others = this.resting.get(untilMs);
      if (others) others.push(message);
      else this.resting.set(untilMs, [message]);
    }
  }

  private wake(nowMs: number): void {
    for (const [untilMs, messages] of this.resting) {
      if (untilMs > nowMs) continue;
      this.resting.delete(untilMs);
      this.restingCount -= messages.length;
      this.due.push(...messages);
    }
  }

  private nextDue(): OutgoingMessage[] {
    let bytes = 0;
    let count = 0;
    for (const message of this.due) {
      bytes += this.options.bytesOf(message);
      if (count === maxRecords || (count > 0 && bytes > maxRequestBytes)) break;
      count++;
    }
    const batch = this.due.slice(0, count);
    this.due = this.due.slice(count);
    return batch;
  }

  private mayTryMore(): boolean {
    return this.restingCount === 0 || this.restingCount + this.underWay < this.tryLimit();
  }

  private tryLimit(): number {
    const roundSeconds = (restMs + this.requestMs) / 1_000;
    return Math.max(maxRecords, askTimes * this.options.messagesPerSecond * roundSeconds);
  }
}
