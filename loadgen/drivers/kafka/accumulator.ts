import type { OutgoingMessage } from '../../measure/message-pool.ts';
import { LingerTimer } from './linger-timer.ts';

/** Messages for one partition that go out together. */
export interface Batch {
  partition: number;
  messages: OutgoingMessage[];
  bytes: number;
  createdMs: number;
  /** Whether it need not wait for more: full, or has lingered. */
  ready: boolean;
}

export interface AccumulatorOptions {
  /** The broker that leads each partition, by the partition's number. */
  leaders: number[];
  lingerMs: number;
  batchSizeBytes: number;
  /** Requests to one broker that may wait for their answers at once. */
  maxInFlight: number;
  partitionOfKey(key: Buffer): number;
  /** Sends batches in one request and reports their outcome; at most one batch a partition. Never rejects. */
  transmit(batches: Batch[]): Promise<void>;
}

/** Like the Java client's `max.request.size`. */
const maxRequestBytes = 1024 * 1024;

/**
 * Gathers messages into batches as the Java client does, for clients that only send what they are given at once:
 *
 * - A batch goes out once it is full (`batchSizeBytes`) or its first message has waited for `lingerMs`. When one has
 *   lingered, what the other partitions have goes along, so that there is one request per broker rather than one per
 *   partition.
 * - A message without a key joins the batch being filled, whatever its partition; the next batch is for the partition
 *   that was given the least so far. So batches fill fast, and partitions are filled evenly.
 * - A request carries the first ready batch of each partition of one broker. While `maxInFlight` requests wait for
 *   answers, batches queue, and those not yet full go on filling.
 */
export class Accumulator {
  private readonly options: AccumulatorOptions;
  private readonly queues: Batch[][];
  private readonly givenBytes: number[];
  private readonly partitionsOfLeader = new Map<number, number[]>();
  private readonly inFlight = new Map<number, number>();
  private keyless = 0;
  private drainScheduled = false;
  private readonly linger = new LingerTimer(
    () => this.lingerLeftMs(),
    () => this.flush(),
  );
  private closed = false;

  constructor(options: AccumulatorOptions) {
    this.options = options;
    this.queues = options.leaders.map(() => []);
    this.givenBytes = options.leaders.map(() => 0);
    options.leaders.forEach((leader, partition) => {
      const partitions = this.partitionsOfLeader.get(leader);
      if (partitions) partitions.push(partition);
      else this.partitionsOfLeader.set(leader, [partition]);
    });
  }

  append(message: OutgoingMessage): void {
    const { batchSizeBytes, lingerMs } = this.options;
    const bytes = message.value.length + (message.key?.length ?? 0);
    const partition = message.key ? this.options.partitionOfKey(message.key) : this.keylessPartition(bytes);
    const queue = this.queues[partition];
    if (!queue) throw new RangeError(`no partition ${partition}`);
    let batch = queue.at(-1);
    if (!batch || batch.bytes + bytes > batchSizeBytes) {
      if (batch) batch.ready = true;
      batch = { partition, messages: [], bytes: 0, createdMs: performance.now(), ready: lingerMs === 0 };
      queue.push(batch);
    }
    message.partition = partition;
    batch.messages.push(message);
    batch.bytes += bytes;
    this.givenBytes[partition] = (this.givenBytes[partition] ?? 0) + bytes;
    if (batch.bytes + bytes > batchSizeBytes) batch.ready = true;
    if (batch.ready) this.scheduleDrain();
    else this.linger.start(lingerMs);
  }

  /** Sends what lingers. */
  flush(): void {
    for (const queue of this.queues) for (const batch of queue) batch.ready = true;
    this.scheduleDrain();
  }

  /** Forgets what has not been sent. */
  close(): void {
    this.closed = true;
    this.linger.stop();
  }

  private keylessPartition(bytes: number): number {
    const filling = this.queues[this.keyless]?.at(-1);
    if (filling && filling.bytes + bytes <= this.options.batchSizeBytes) return this.keyless;
    let least = 0;
    for (let partition = 1; partition < this.givenBytes.length; partition++) {
      if ((this.givenBytes[partition] ?? 0) < (this.givenBytes[least] ?? 0)) least = partition;
    }
    this.keyless = least;
    return least;
  }

  private lingerLeftMs(): number | null {
    let oldestMs = Number.POSITIVE_INFINITY;
    for (const queue of this.queues) {
      const last = queue.at(-1);
      if (last && !last.ready) oldestMs = Math.min(oldestMs, last.createdMs);
    }
    if (oldestMs === Number.POSITIVE_INFINITY) return null;
    return oldestMs + this.options.lingerMs - performance.now();
  }

  /** Once the messages that come due together have all been appended. */
  private scheduleDrain(): void {
    if (this.drainScheduled) return;
    this.drainScheduled = true;
    queueMicrotask(() => {
      this.drainScheduled = false;
      for (const leader of this.partitionsOfLeader.keys()) this.drain(leader);
    });
  }

  private drain(leader: number): void {
    while (!this.closed && (this.inFlight.get(leader) ?? 0) < this.options.maxInFlight) {
      const batches = this.takeReady(leader);
      if (batches.length === 0) return;
      this.inFlight.set(leader, (this.inFlight.get(leader) ?? 0) + 1);
      void this.options.transmit(batches).finally(() => {
        this.inFlight.set(leader, (this.inFlight.get(leader) ?? 0) - 1);
        this.drain(leader);
      });
    }
  }

  private takeReady(leader: number): Batch[] {
    const batches: Batch[] = [];
    let bytes = 0;
    const partitions = this.partitionsOfLeader.get(leader) ?? [];
    for (const partition of partitions) {
      const queue = this.queues[partition];
      const head = queue?.[0];
      if (!head?.ready || (batches.length > 0 && bytes + head.bytes > maxRequestBytes)) continue;
      queue?.shift();
      batches.push(head);
      bytes += head.bytes;
    }
    // Whoever was left out by the size limit comes first next time.
    if (batches.length < partitions.length && partitions.length > 1)
      partitions.push(partitions.shift() as number);
    return batches;
  }
}
