import type { DueMessage } from '../../../measure/message-batch.ts';
import type { Attempts } from '../../sender/attempts.ts';
import { partitionOfKey } from './encoding/murmur2.ts';
import { BatchBuffer, type BatchBufferOptions, batchBufferBytes } from './encoding/record-batch.ts';

/** A batch for one partition, from its first message until it is settled. */
export interface QueuedBatch {
  partition: number;
  buffer: BatchBuffer;
  /** Counts the batches, so that those sent again keep their place. */
  number: number;
  createdMs: number;
  /** Whether it need not wait for more: full, or has lingered. */
  ready: boolean;
  /** From the first attempt on, when it takes no more messages. */
  attempts: Attempts | null;
  encoded: Buffer | null;
  /** Sequence of its first message to the broker, or −1: none yet, or not idempotent. */
  baseSequence: number;
}

interface PartitionQueue {
  /** In order; those to be sent again come first. */
  waiting: QueuedBatch[];
  inFlight: number;
  givenBytes: number;
  notBeforeMs: number;
}

export interface BatchQueuesOptions extends BatchBufferOptions {
  partitions: number;
  lingerMs: number;
  underWayBytes: number;
}

/** Like the Java client's `max.request.size`. */
const maxRequestBytes = 1024 * 1024;

/**
 * Gathers messages into batches by the same rules as the accumulator of the other clients, but encodes them at once,
 * and keeps the order of what has to be sent again: a partition that had a failure sends nothing while others of its
 * batches are in flight. Without I/O; the times given are `performance.now()`.
 */
export class BatchQueues {
  private readonly options: BatchQueuesOptions;
  private readonly queues: PartitionQueue[];
  private readonly free: QueuedBatch['buffer'][] = [];
  private readonly capacity: number;
  private made = 0;
  private numbers = 0;
  private keyless = 0;

  constructor(options: BatchQueuesOptions) {
    this.options = options;
    this.capacity = Math.max(1, Math.floor(options.underWayBytes / batchBufferBytes(options)));
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
  append(message: DueMessage): QueuedBatch | null {
    const { partitions } = this.options;
    let partition = this.keyless;
    if (message.key !== null) partition = partitionOfKey(message.key, partitions);
    let filling = this.filling(partition, message);
    let before = filling?.buffer.bytes ?? 0;
    if (!filling?.buffer.append(message)) {
      if (filling) filling.ready = true;
      if (message.key === null) this.keyless = partition = this.leastGiven();
      filling = this.open(partition, message.origin.run);
      if (!filling) {
        this.markReady();
        return null;
      }
      before = filling.buffer.bytes;
      filling.buffer.append(message);
    }
    const queue = this.queue(partition);
    const { bytes } = filling.buffer;
    queue.givenBytes += bytes - before;
    // Whether another like it would still fit.
    if (bytes + (bytes - before) > this.options.batchSizeBytes) filling.ready = true;
    return filling;
  }

  /** Has every batch sent that waits for more messages. */
  markReady(): void {
    for (const { waiting } of this.queues) for (const batch of waiting) batch.ready = true;
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
  take(partitions: number[], nowMs: number): QueuedBatch[] {
    const batches: QueuedBatch[] = [];
    let bytes = 0;
    for (const partition of partitions) {
      const queue = this.queue(partition);
      const head = queue.waiting[0];
      if (!head?.ready || nowMs < queue.notBeforeMs) continue;
      if (head.attempts && queue.inFlight > 0) continue;
      if (batches.length > 0 && bytes + head.buffer.bytes > maxRequestBytes) continue;
      queue.waiting.shift();
      queue.inFlight++;
      batches.push(head);
      bytes += head.buffer.bytes;
    }
    if (batches.length < partitions.length && partitions.length > 1)
      partitions.push(partitions.shift() as number);
    return batches;
  }

  /** A batch that was taken is done with: its memory is free. */
  release(batch: QueuedBatch): void {
    this.queue(batch.partition).inFlight--;
    this.free.push(batch.buffer);
  }

  /** A batch that was taken goes out again, in its place, but not before this time. */
  putBack(batch: QueuedBatch, notBeforeMs: number): void {
    const queue = this.queue(batch.partition);
    queue.inFlight--;
    queue.notBeforeMs = Math.max(queue.notBeforeMs, notBeforeMs);
    const behind = queue.waiting.findIndex(({ number }) => number > batch.number);
    queue.waiting.splice(behind < 0 ? queue.waiting.length : behind, 0, batch);
  }

  /** Whether an earlier batch of the same partition waits to be sent again. */
  comesAfterAnother(batch: QueuedBatch): boolean {
    const head = this.queue(batch.partition).waiting[0];
    return head !== undefined && head.number < batch.number;
  }

  /** Takes out those waiting batches that the caller wants to be done with; they must be released. */
  takeOut(wanted: (batch: QueuedBatch) => boolean): QueuedBatch[] {
    const taken: QueuedBatch[] = [];
    for (const queue of this.queues) {
      const left: QueuedBatch[] = [];
      for (const batch of queue.waiting) (wanted(batch) ? taken : left).push(batch);
      queue.inFlight += queue.waiting.length - left.length;
      queue.waiting = left;
    }
    return taken;
  }

  /** Every batch that waits. */
  forEachWaiting(visit: (batch: QueuedBatch) => void): void {
    for (const { waiting } of this.queues) waiting.forEach(visit);
  }

  /** The batch of a partition that takes more messages of this run, if there is one. */
  private filling(partition: number, { origin }: DueMessage): QueuedBatch | undefined {
    const last = this.queue(partition).waiting.at(-1);
    return last && !last.attempts && last.buffer.messages.run === origin.run ? last : undefined;
  }

  private open(partition: number, run: number): QueuedBatch | undefined {
    const buffer = this.free.pop() ?? this.make();
    if (!buffer) return undefined;
    buffer.begin(run);
    const batch: QueuedBatch = {
      partition,
      buffer,
      number: this.numbers++,
      createdMs: performance.now(),
      ready: this.options.lingerMs === 0,
      attempts: null,
      encoded: null,
      baseSequence: -1,
    };
    this.queue(partition).waiting.push(batch);
    return batch;
  }

  private make(): BatchBuffer | undefined {
    if (this.made === this.capacity) return undefined;
    this.made++;
    return new BatchBuffer(this.options);
  }

  private leastGiven(): number {
    let least = 0;
    for (let partition = 1; partition < this.queues.length; partition++) {
      if (this.queue(partition).givenBytes < this.queue(least).givenBytes) least = partition;
    }
    return least;
  }

  private queue(partition: number): PartitionQueue {
    const queue = this.queues[partition];
    if (!queue) throw new RangeError(`no partition ${partition}`);
    return queue;
  }
}
