import { maxRequestBytes } from '../../../src/technologies/kafka/fit.ts';
import { Attempts } from './attempts.ts';
import type { Clock } from './clock.ts';
import type { Sendable } from './window.ts';

/** What a batch consists of, in the form in which a client takes it. */
export interface BatchContent<Message> {
  /** Its size so far. */
  readonly bytes: number;
  /** Adds a message. Returns false, having added nothing, when it does not fit; a first one always does. */
  append(message: Message): boolean;
}

/** A batch for one partition, from its first message until it is settled. */
export interface Batch<Content> extends Sendable {
  partition: number;
  content: Content;
  /** Counts the batches, so that those sent again keep their place. */
  number: number;
  createdMs: number;
  /** Whether it need not wait for more: full, or has lingered. */
  ready: boolean;
  attempts: Attempts;
}

interface PartitionQueue<Content> {
  /** In order; those to be sent again come first. */
  waiting: Batch<Content>[];
  inFlight: number;
  givenBytes: number;
  notBeforeMs: number;
}

export interface BatcherOptions<Message, Content> {
  partitions: number;
  lingerMs: number;
  /** Bytes of a batch beyond which it goes without waiting for more. */
  batchSizeBytes: number;
  clock: Clock;
  partitionOfKey(key: Buffer): number;
  /** Begins a batch for this message and those that follow it; null when all memory is under way. */
  open(message: Message): Content | null;
  /** The content is not needed any more. */
  release(content: Content): void;
}

/**
 * Gathers messages into batches as Kafka's Java client does, whatever the client that sends them:
 *
 * - A batch goes out once it is full (`batchSizeBytes`) or its first message has waited for `lingerMs`. When one has
 *   lingered, what the other partitions have goes along, so that there is one request per broker rather than one per
 *   partition.
 * - A message without a key joins the batch being filled, whatever its partition; the next batch is for the partition
 *   that was given the least so far. So batches fill fast, and partitions are filled evenly.
 * - A batch that cannot go yet goes on filling. One that was sent takes no more, and keeps its place when it has to go
 *   again: its partition then sends nothing while others of its batches are in flight.
 */
export class Batcher<Message extends { key: Buffer | null }, Content extends BatchContent<Message>> {
  private readonly options: BatcherOptions<Message, Content>;
  private readonly queues: PartitionQueue<Content>[];
  /** Partitions whose first batch must not go before its time. */
  private readonly resting = new Set<number>();
  private numbers = 0;
  private keyless = 0;

  constructor(options: BatcherOptions<Message, Content>) {
    this.options = options;
    this.queues = Array.from({ length: options.partitions }, () => ({
      waiting: [],
      inFlight: 0,
      givenBytes: 0,
      notBeforeMs: 0,
    }));
  }

  /**
   * Adds a message to a batch.
   * @returns the batch, or null when all memory is under way; then every batch is ready
   */
  append(message: Message): Batch<Content> | null {
    let partition = this.keyless;
    if (message.key !== null) partition = this.options.partitionOfKey(message.key);
    let filling = this.filling(partition);
    let before = filling?.content.bytes ?? 0;
    if (!filling?.content.append(message)) {
      if (filling) filling.ready = true;
      if (message.key === null) this.keyless = partition = this.leastGiven();
      filling = this.open(partition, message);
      if (!filling) {
        this.markReady();
        return null;
      }
      before = filling.content.bytes;
      filling.content.append(message);
    }
    const queue = this.queue(partition);
    const { bytes } = filling.content;
    queue.givenBytes += bytes - before;
    // Whether another like it would still fit.
    if (bytes + (bytes - before) > this.options.batchSizeBytes) filling.ready = true;
    return filling;
  }

  /** Has every batch sent that waits for more messages. */
  markReady(): void {
    for (const { waiting } of this.queues) {
      // Those before it are: only the last one takes more.
      const last = waiting.at(-1);
      if (last) last.ready = true;
    }
  }

  /** How long until a batch has lingered, 0 when one has, or null when none lingers. */
  lingerLeftMs(nowMs: number): number | null {
    let oldestMs = Number.POSITIVE_INFINITY;
    for (const { waiting } of this.queues) {
      const last = waiting.at(-1);
      if (last && !last.ready) oldestMs = Math.min(oldestMs, last.createdMs);
    }
    if (oldestMs === Number.POSITIVE_INFINITY) return null;
    return Math.max(0, oldestMs + this.options.lingerMs - nowMs);
  }

  /**
   * Takes the batches for one request: the first that is ready of each of these partitions, up to the size limit.
   * Whoever was left out by it comes first next time: `partitions` is rotated.
   */
  take(partitions: number[], nowMs: number): Batch<Content>[] {
    const batches: Batch<Content>[] = [];
    let bytes = 0;
    for (const partition of partitions) {
      const queue = this.queue(partition);
      const head = queue.waiting[0];
      if (!head?.ready || nowMs < queue.notBeforeMs) continue;
      if (this.resting.size > 0) this.resting.delete(partition);
      if (head.attempts.begun > 0 && queue.inFlight > 0) continue;
      if (batches.length > 0 && bytes + head.content.bytes > maxRequestBytes) continue;
      queue.waiting.shift();
      queue.inFlight++;
      batches.push(head);
      bytes += head.content.bytes;
    }
    if (batches.length < partitions.length && partitions.length > 1)
      partitions.push(partitions.shift() as number);
    return batches;
  }

  /** A batch that was taken is done with: its memory is free. */
  release(batch: Batch<Content>): void {
    this.queue(batch.partition).inFlight--;
    this.options.release(batch.content);
  }

  /** A batch that was taken goes out again, in its place, but not before this time. */
  putBack(batch: Batch<Content>, notBeforeMs: number): void {
    const queue = this.queue(batch.partition);
    queue.inFlight--;
    queue.notBeforeMs = Math.max(queue.notBeforeMs, notBeforeMs);
    const behind = queue.waiting.findIndex(({ number }) => number > batch.number);
    queue.waiting.splice(behind < 0 ? queue.waiting.length : behind, 0, batch);
    this.resting.add(batch.partition);
  }

  /** Whether an earlier batch of the same partition waits to be sent again. */
  comesAfterAnother(batch: Batch<Content>): boolean {
    const head = this.queue(batch.partition).waiting[0];
    return head !== undefined && head.number < batch.number;
  }

  /** Takes out those waiting batches that are wanted; the memory of each is free after `done`. */
  giveUp(isWanted: (batch: Batch<Content>) => boolean, done: (batch: Batch<Content>) => void): void {
    for (const queue of this.queues) {
      if (!queue.waiting.some(isWanted)) continue;
      const wanted = queue.waiting.filter(isWanted);
      queue.waiting = queue.waiting.filter((batch) => !wanted.includes(batch));
      for (const batch of wanted) {
        done(batch);
        this.options.release(batch.content);
      }
    }
  }

  /** Every batch that waits. */
  forEachWaiting(visit: (batch: Batch<Content>) => void): void {
    for (const { waiting } of this.queues) waiting.forEach(visit);
  }

  /** When the first rest ends of what has to go again; null when nothing rests. */
  get wakeAtMs(): number | null {
    let earliestMs: number | null = null;
    for (const partition of this.resting) {
      const { notBeforeMs } = this.queue(partition);
      earliestMs = Math.min(earliestMs ?? notBeforeMs, notBeforeMs);
    }
    return earliestMs;
  }

  /** The batch of a partition that takes more messages, if there is one. */
  private filling(partition: number): Batch<Content> | undefined {
    const last = this.queue(partition).waiting.at(-1);
    return last?.attempts.begun === 0 ? last : undefined;
  }

  private open(partition: number, message: Message): Batch<Content> | undefined {
    const content = this.options.open(message);
    if (!content) return undefined;
    const createdMs = this.options.clock.nowMs();
    const batch: Batch<Content> = {
      partition,
      content,
      number: this.numbers++,
      createdMs,
      ready: this.options.lingerMs === 0,
      attempts: new Attempts(createdMs),
    };
    this.queue(partition).waiting.push(batch);
    return batch;
  }

  private leastGiven(): number {
    let least = 0;
    for (let partition = 1; partition < this.queues.length; partition++) {
      if (this.queue(partition).givenBytes < this.queue(least).givenBytes) least = partition;
    }
    return least;
  }

  private queue(partition: number): PartitionQueue<Content> {
    const queue = this.queues[partition];
    if (!queue) throw new RangeError(`no partition ${partition}`);
    return queue;
  }
}
