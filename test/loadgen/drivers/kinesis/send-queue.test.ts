import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SendQueue } from '../../../../loadgen/drivers/kinesis/send-queue.ts';
import { Attempts } from '../../../../loadgen/drivers/sender/attempts.ts';
import { kinesisQuotas } from '../../../../src/technologies/kinesis.ts';
import { ShardMeter } from '../../../../terraform/kinesis/local/quota-proxy/shard.ts';

/** Seeded, so that a failure repeats itself: the Park-Miller generator. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

interface Numbered {
  sequence: number;
  attempts: Attempts;
}

const messages = (count: number, firstSequence = 0): readonly Numbered[] =>
  Array.from({ length: count }, (_, index) => ({
    sequence: firstSequence + index,
    attempts: new Attempts(0),
  }));

const queueOf = (messagesPerSecond = 0, bytes = 100) =>
  new SendQueue<Numbered>({ messagesPerSecond, bytesOf: () => bytes, random: () => 0.5 });

/** A request that takes no time. */
const request = { nowMs: 0, tookMs: 0, unanswered: 0 };

/** Sends a batch, of which nothing is taken. */
function refuse(queue: SendQueue<Numbered>, batch: readonly Numbered[], nowMs: number, unanswered = 0): void {
  queue.add(batch);
  const sent = queue.next(nowMs) ?? [];
  expect(sent).toEqual(batch);
  queue.ended({ ...request, batch: sent, again: sent, nowMs, unanswered });
}

describe('the queue of a producer', () => {
  test('sends again what has rested, together and first, within the limits of a request', () => {
    const queue = queueOf(10_000);
    refuse(queue, messages(300), 0);
    refuse(queue, messages(300, 300), 0);
    queue.add(messages(10, 1_000));
    expect(queue.wakeAtMs).toBe(200);
    expect([queue.next(200), queue.next(200), queue.next(200)].map((batch) => batch?.length)).toEqual([
      ...[500, 100],
      10,
    ]);
    expect(queue.wakeAtMs).toBeNull();
    expect(queue.next(200)).toBeUndefined();
  });

  test('splits by bytes, too', () => {
    const queue = queueOf(0, 1024 * 1024);
    refuse(queue, messages(4), 0);
    refuse(queue, messages(3, 4), 0);
    expect([queue.next(200), queue.next(200)].map((batch) => batch?.length)).toEqual([5, 2]);
  });

  test('tries nothing new while twice what the stream takes in the time of a rest is tried', () => {
    const queue = queueOf(5_000);
    for (const first of [0, 500, 1_000]) refuse(queue, messages(500, first), 0);
    for (const first of [1_500, 2_000, 2_500]) queue.add(messages(499, first));
    const sent = queue.next(0) ?? [];
    // 1,999 are tried: one more batch goes, and with it there are enough.
    expect([sent.length, queue.next(0)?.length, queue.next(0)]).toEqual([499, 499, undefined]);
    queue.ended({ ...request, batch: sent, again: [] });
    expect(queue.next(0)?.length).toBe(499);
  });

  test.each([
    [0, 200],
    [1, 400],
    [2, 800],
    [3, 1_000],
    [30, 1_000],
  ])('lets rest longer the more requests went unanswered: %i, for about %i ms', (unanswered, meanMs) => {
    const queue = queueOf();
    refuse(queue, messages(1), 0, unanswered);
    expect(queue.wakeAtMs).toBe(meanMs);
  });

  test('hands back what has waited too long to be sent', () => {
    const queue = queueOf();
    const sentAtMs = new Map<Numbered, number>();
    for (const atMs of [1, 2, 3]) {
      const batch = messages(2);
      for (const message of batch) sentAtMs.set(message, atMs);
      queue.add(batch);
    }
    const takeOlderThan = (ms: number) => {
      const taken: (number | undefined)[] = [];
      queue.giveUp(
        (message) => (sentAtMs.get(message) ?? 0) < ms,
        (message) => taken.push(sentAtMs.get(message)),
      );
      return taken;
    };
    expect(takeOlderThan(3)).toEqual([1, 1, 2, 2]);
    expect(queue.next(0)?.map((message) => sentAtMs.get(message))).toEqual([3, 3]);
    expect(takeOlderThan(9)).toEqual([]);
  });

  test('hands back what rests, and what has rested and not gone yet', () => {
    const queue = queueOf();
    for (const first of [0, 10]) refuse(queue, messages(10, first), 0);
    // Twenty have rested; ten of them go, and are refused again.
    const sent = queue.next(200) ?? [];
    queue.ended({ ...request, batch: sent, again: sent.slice(0, 10), nowMs: 200 });
    queue.add(messages(5, 20));
    const taken: number[] = [];
    queue.giveUp(
      ({ sequence }) => sequence < 4 || sequence >= 22,
      ({ sequence }) => taken.push(sequence),
    );
    // Of a fresh batch all or none.
    expect(taken).toEqual([0, 1, 2, 3]);
    expect([queue.next(400), queue.next(400)].map((batch) => batch?.map(({ sequence }) => sequence))).toEqual(
      [
        [4, 5, 6, 7, 8, 9],
        [20, 21, 22, 23, 24],
      ],
    );
  });

  test('lets rest longer the more rests', () => {
    const queue = queueOf();
    for (const _ of [1, 2, 3]) queue.add(messages(500));
    const sent = [queue.next(0), queue.next(0), queue.next(0)].flatMap((batch) => batch ?? []);
    queue.ended({ ...request, batch: sent, again: sent });
    expect(queue.wakeAtMs).toBe(600);
  });

  test('gives out every message until it is taken, and none twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
        fc.infiniteStream(fc.nat(3)),
        (sizes, luck) => {
          const queue = new SendQueue<Numbered>({
            messagesPerSecond: 0,
            bytesOf: () => 100,
            random: seededRandom(3),
          });
          const count = sizes.reduce((sum, size) => {
            queue.add(messages(size, sum));
            return sum + size;
          }, 0);
          const taken: number[] = [];
          for (let nowMs = 0; taken.length < count && nowMs < 1_000_000; nowMs += 50) {
            const batch = queue.next(nowMs) ?? [];
            // However unlucky at first, all are taken in the end.
            const isUnlucky = luck.next().value > 0 && nowMs < 20_000;
            const refused = new Set(isUnlucky ? batch.filter(({ sequence }) => sequence % 3 === 0) : []);
            taken.push(...batch.flatMap((message) => (refused.has(message) ? [] : message.sequence)));
            queue.ended({ ...request, batch, again: [...refused], nowMs });
          }
          expect(taken.sort((a, b) => a - b)).toEqual(messages(count).map(({ sequence }) => sequence));
        },
      ),
      { numRuns: 30 },
    );
  });
});

/**
 * A producer and a stream in simulated time: what is offered is batched every 50 ms, and 32 requests are under way at
 * most.
 * @param requestMs mean time of a request; it takes a fifth of that to nine fifths
 */
function simulate(shardCount: number, offeredPerSecond: number, seconds: number, requestMs: number) {
  const random = seededRandom(7);
  const shards = Array.from({ length: shardCount }, () => new ShardMeter(kinesisQuotas.shard));
  const messagesPerSecond = shardCount * kinesisQuotas.shard.writeRecordsPerSecond;
  const queue = new SendQueue<Numbered>({ messagesPerSecond, bytesOf: () => 200, random });
  const arrivals = new Map<number, { batch: readonly Numbered[]; startedMs: number }[]>();
  const takenInSecond: number[] = [];
  const takenOnce = new Set<number>();
  let [inFlight, offered, taken, attempts] = [0, 0, 0, 0];
  let nowMs = 0;
  for (; taken < offeredPerSecond * seconds; nowMs++) {
    for (const { batch, startedMs } of arrivals.get(nowMs) ?? []) {
      inFlight--;
      attempts += batch.length;
      const refused = batch.filter(({ sequence }) => {
        const shard = shards[Math.floor(random() * shardCount)];
        if (!shard?.takeRecord(nowMs, 200)) return true;
        takenOnce.add(sequence);
        taken++;
        const second = Math.floor(nowMs / 1_000);
        takenInSecond[second] = (takenInSecond[second] ?? 0) + 1;
        return false;
      });
      queue.ended({ ...request, batch, again: refused, nowMs, tookMs: nowMs - startedMs });
    }
    arrivals.delete(nowMs);
    if (nowMs % 50 === 0 && nowMs < seconds * 1_000) {
      for (let left = offeredPerSecond / 20; left > 0; left -= 500) {
        const size = Math.min(500, left);
        queue.add(messages(size, offered));
        offered += size;
      }
    }
    while (inFlight < 32) {
      const batch = queue.next(nowMs);
      if (!batch) break;
      inFlight++;
      const atMs = nowMs + Math.ceil(requestMs * (0.2 + 1.6 * random()));
      arrivals.set(atMs, [...(arrivals.get(atMs) ?? []), { batch, startedMs: nowMs }]);
    }
  }
  return { takenInSecond, taken, distinct: takenOnce.size, attempts, tookMs: nowMs };
}

test.each([
  [2, 3_000, 30],
  [2, 20_000, 30],
  [1, 1_200, 30],
  [8, 12_000, 10],
  [2, 3_000, 500],
])(
  'keeps a stream of %i shards that is offered %i messages/s in requests of %i ms at its quota',
  (shards, offeredPerSecond, requestMs) => {
    const { takenInSecond, taken, distinct, attempts, tookMs } = simulate(
      shards,
      offeredPerSecond,
      10,
      requestMs,
    );
    const quota = shards * 1_000;
    expect(Math.max(...takenInSecond)).toBeLessThanOrEqual(quota);
    // While there is more than enough to send: not the first second, in which it fills up.
    const full = takenInSecond.slice(1, 10);
    expect(full.reduce((sum, inSecond) => sum + inSecond, 0) / full.length).toBeGreaterThan(0.9 * quota);
    expect(taken).toBe(offeredPerSecond * 10);
    expect(distinct).toBe(taken);
    // It asks for few times what is taken, not for all that has piled up.
    expect(attempts).toBeLessThan(4 * (tookMs / 1_000) * quota);
  },
);

test('a stream that is not full refuses nothing', () => {
  const { taken, attempts } = simulate(4, 3_000, 5, 30);
  expect(attempts).toBe(taken);
});
