import { describe, expect, test } from '@jest/globals';
import { BufferPool } from '../../../../loadgen/drivers/kafka/flat/buffer-pool.ts';
import { partitionOfKey } from '../../../../loadgen/drivers/kafka/flat/encoding/murmur2.ts';
import type { BatchBuffer } from '../../../../loadgen/drivers/kafka/flat/encoding/record-batch.ts';
import { type Batch, Batcher } from '../../../../loadgen/drivers/sender/batcher.ts';
import { systemClock } from '../../../../loadgen/drivers/sender/clock.ts';
import type { DueMessage } from '../../../../loadgen/measure/message-batch.ts';

/** Ten messages of 100 bytes fit into a batch. */
const tenMessages = 61 + 10 * 109;

type Queues = Batcher<DueMessage, BatchBuffer>;
type QueuedBatch = Batch<BatchBuffer>;

/** Batches as the flat client has them. */
function queuesOf(
  options: {
    partitions?: number;
    lingerMs?: number;
    underWayBytes?: number;
    batchSizeBytes?: number;
    messageSizeBytes?: number;
  } = {},
): Queues {
  const { partitions = 2, lingerMs = 5, underWayBytes = 1_000_000 } = options;
  const { batchSizeBytes = tenMessages, messageSizeBytes = 100 } = options;
  const payload = { content: 'random' } as const;
  const pool = new BufferPool({ batchSizeBytes, messageSizeBytes, underWayBytes, payload });
  return new Batcher<DueMessage, BatchBuffer>({
    partitions,
    lingerMs,
    batchSizeBytes,
    clock: systemClock,
    partitionOfKey: (key) => partitionOfKey(key, partitions),
    open: ({ origin }) => pool.take(origin.round),
    release: (buffer) => pool.giveBack(buffer),
  });
}

let next = 0;

function append(
  queues: Queues,
  count: number,
  { round = 1, key = null as Buffer | null } = {},
): QueuedBatch[] {
  const batches: QueuedBatch[] = [];
  for (let index = 0; index < count; index++) {
    const origin = { session: 1, round, producer: 0 };
    const batch = queues.append({ origin, sequence: next++, intendedMicros: 0, sentMicros: 0, key });
    if (!batch) break;
    if (batches.at(-1) !== batch) batches.push(batch);
  }
  return batches;
}

/** Takes as a producer does: what was sent takes no more messages. */
function take(queues: Queues, partitions: number[], nowMs = 0): QueuedBatch[] {
  const batches = queues.take(partitions, nowMs);
  for (const batch of batches) batch.attempts.begin(nowMs);
  return batches;
}

describe('batches for partitions', () => {
  test('fill one batch after the other, evenly over the partitions', () => {
    const queues = queuesOf();
    const batches = append(queues, 40);
    expect(batches.map(({ partition, content }) => [partition, content.messages.count])).toEqual([
      [0, 10],
      [1, 10],
      [0, 10],
      [1, 10],
    ]);
    expect(batches.every(({ ready }) => ready)).toBe(true);
  });

  test('put what has one key into one partition', () => {
    const batches = append(queuesOf({ partitions: 7 }), 30, { key: Buffer.from('k') });
    expect(new Set(batches.map(({ partition }) => partition)).size).toBe(1);
  });

  test('keep batches that are not full until they have lingered', () => {
    const queues = queuesOf();
    const [batch] = append(queues, 3);
    expect(queues.take([0, 1], 0)).toEqual([]);
    const createdMs = batch?.createdMs ?? 0;
    expect(queues.lingerLeftMs(createdMs + 2)).toBeCloseTo(3);
    expect(queues.lingerLeftMs(createdMs + 9)).toBe(0);
    queues.markReady();
    expect(queues.lingerLeftMs(createdMs)).toBeNull();
    expect(queues.take([0, 1], 0)).toEqual([batch]);
  });

  test('go on filling what is ready but not sent', () => {
    const queues = queuesOf({ lingerMs: 0 });
    expect(append(queues, 3)).toEqual(append(queues, 7));
  });

  test('never mix the messages of two rounds', () => {
    const queues = queuesOf();
    const [first] = append(queues, 3);
    const [second] = append(queues, 3, { round: 2 });
    expect(second).not.toBe(first);
    expect([first?.content.messages.round, second?.content.messages.round]).toEqual([1, 2]);
  });

  test('send again in order, and only once nothing of the partition is in flight', () => {
    const queues = queuesOf({ partitions: 1 });
    append(queues, 30);
    const [first] = take(queues, [0]);
    const [second] = take(queues, [0]);
    const [third] = take(queues, [0]);
    if (!first || !second || !third) throw new Error('three batches were expected');
    queues.putBack(second, 50);
    expect(queues.comesAfterAnother(third)).toBe(true);
    queues.putBack(first, 40);
    expect(queues.take([0], 60)).toEqual([]);
    queues.putBack(third, 50);
    expect(queues.take([0], 45)).toEqual([]);
    expect([queues.take([0], 60)[0]?.number]).toEqual([first.number]);
    queues.release(first);
    expect(queues.take([0], 60)).toEqual([second]);
  });

  test('take nothing while all their memory is under way, and then send what there is', () => {
    const queues = queuesOf({ underWayBytes: 2 * tenMessages });
    expect(append(queues, 1_000).map(({ content }) => content.messages.count)).toEqual([10, 10]);
    const batches = take(queues, [0, 1]);
    expect(append(queues, 1)).toEqual([]);
    for (const batch of batches) queues.release(batch);
    expect(append(queues, 1)).toHaveLength(1);
  });

  test('keep a request below a megabyte, and then begin with whom it left out', () => {
    const queues = queuesOf({
      partitions: 3,
      lingerMs: 0,
      underWayBytes: 10_000_000,
      batchSizeBytes: 500_000,
      messageSizeBytes: 400_000,
    });
    append(queues, 6);
    const partitions = [0, 1, 2];
    const taken = () => take(queues, partitions).map(({ partition }) => partition);
    expect(taken()).toEqual([0, 1]);
    expect(taken()).toContain(2);
  });
});
