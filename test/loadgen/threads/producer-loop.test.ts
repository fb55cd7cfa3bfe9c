import { expect, test } from '@jest/globals';
import type { KafkaProducerContext } from '../../../loadgen/drivers/kafka/kafka-client.ts';
import {
  createLibraryProducer,
  type LibraryClient,
} from '../../../loadgen/drivers/kafka/library-producer.ts';
import type { AttemptResult } from '../../../loadgen/drivers/sender/attempts.ts';
import { monotonicMicros } from '../../../loadgen/measure/clock.ts';
import { allocateCounters } from '../../../loadgen/measure/counters.ts';
import { allocateLedger, openLedger } from '../../../loadgen/measure/ledger.ts';
import { MessagePool, type OutgoingMessage } from '../../../loadgen/measure/message-pool.ts';
import { ProducerLoop } from '../../../loadgen/threads/producer-loop.ts';
import type { ProducerResult } from '../../../loadgen/threads/producer-round.ts';
import { countOutcomes, type OutcomeCounts } from '../../../src/analysis/ledger/ledger-planes.ts';
import { kafkaSettingsSchema } from '../../../src/technologies/kafka/settings.ts';

interface Ended extends ProducerResult {
  outcomes: OutcomeCounts;
  /** Messages of each request. */
  requests: number[];
}

interface Rounds {
  settings?: object;
  messageSizeBytes?: number;
  underWayBytes?: number;
  messagesPerSecond?: number;
  durationSeconds?: number;
  settleTimeoutMs?: number;
  request?: () => Promise<AttemptResult>;
}

/** One round of a producer whose client answers every request as is told. */
async function round({
  settings = {},
  messageSizeBytes = 100,
  underWayBytes = 1_000_000,
  messagesPerSecond = 1_000,
  durationSeconds = 0.1,
  settleTimeoutMs = 50,
  request = async () => ({ kind: 'acknowledged' }),
}: Rounds): Promise<Ended> {
  const pool = new MessagePool(messageSizeBytes, underWayBytes);
  const loop = new ProducerLoop({
    pool,
    messageSizeBytes,
    newKeyChooser: () => () => null,
    session: 1,
    producer: 0,
    producers: 1,
    onInterval() {},
  });
  const context: Partial<KafkaProducerContext> = {
    settings: kafkaSettingsSchema.parse({ partitions: 1, ...settings }),
    messageSizeBytes,
    underWayBytes,
    settle: (messages, outcome, reason) => loop.settle(messages, outcome, reason),
    throttled: (messages) => loop.throttled(messages),
    doubted: (messages) => loop.doubted(messages),
    log() {},
  };
  const requests: number[] = [];
  const client: LibraryClient = {
    leaders: [0],
    partitionOfKey: () => 0,
    async request(batches) {
      requests.push(batches.reduce((sum, { content }) => sum + content.messages.length, 0));
      const result = await request();
      return () => result;
    },
    async close() {},
  };
  const producer = createLibraryProducer(context as KafkaProducerContext, client);
  loop.connect(producer);
  const ledger = allocateLedger(messagesPerSecond * durationSeconds);
  const startMicros = monotonicMicros();
  const ended = loop.run({
    round: 1,
    startMicros,
    durationSeconds,
    steps: [{ messagesPerSecond, seconds: durationSeconds }],
    ledgers: [ledger],
    counters: allocateCounters(),
    settleTimeoutMs,
  });
  loop.start(1, startMicros);
  const result = await ended;
  const outcomes = countOutcomes(openLedger(ledger), result.handed);
  await producer.close();
  return { ...result, outcomes, requests };
}

const silence = new Promise<never>(() => {});

test('what waits for another try when a round ends is settled by what became of its attempts', async () => {
  const { outcomes, refusals } = await round({
    request: async () => ({ kind: 'refused', retriable: true, reason: 'FULL' }),
  });
  expect(outcomes).toEqual({ acknowledged: 0, failed: 100, indeterminate: 0 });
  expect(refusals.map(({ outcome }) => outcome)).not.toContain('indeterminate');
  expect(refusals).toContainEqual({
    outcome: 'failed',
    reason: 'FULL',
    messages: expect.any(Number),
  });
});

test('what is under way when a round ends is in doubt, and what never was has failed', async () => {
  // Some ten messages a batch, and few batches at a time: a thread that is held up throughout sends no more.
  const { outcomes, refusals, requests } = await round({
    settings: { batchSizeBytes: 1_024 },
    request: () => silence,
  });
  const underWay = requests.reduce((sum, messages) => sum + messages, 0);
  expect(underWay).toBeGreaterThan(0);
  expect(underWay).toBeLessThan(100);
  expect(outcomes).toEqual({ acknowledged: 0, failed: 100 - underWay, indeterminate: underWay });
  expect(refusals).toEqual([
    { outcome: 'failed', reason: 'waited too long for its first attempt', messages: 100 - underWay },
  ]);
});

test('messages do not wait for company that cannot come, for all memory is under way', async () => {
  const { outcomes, requests } = await round({
    settings: { lingerMs: 10_000, batchSizeBytes: 1_000_000 },
    underWayBytes: 1_000,
  });
  expect(outcomes).toEqual({ acknowledged: 100, failed: 0, indeterminate: 0 });
  expect(requests).toEqual(Array(10).fill(10));
});

test('what is late is handed over a megabyte at a time, between which it may be sent', async () => {
  const messageSizeBytes = 10_240;
  const pool = new MessagePool(messageSizeBytes, 64 * 1_024 ** 2);
  const steps = [{ messagesPerSecond: 10_000, seconds: 0.1 }];
  const loop = new ProducerLoop({
    pool,
    messageSizeBytes,
    newKeyChooser: () => () => null,
    session: 1,
    producer: 0,
    producers: 1,
    onInterval() {},
  });
  const turns: number[] = [];
  let together: OutgoingMessage[] = [];
  loop.connect({
    send(message) {
      together.push(message);
      // Comes round as soon as the loop lets go.
      if (together.length === 1) {
        queueMicrotask(() => {
          turns.push(together.length);
          loop.settle(together, 'acknowledged');
          together = [];
        });
      }
    },
    flush() {},
    giveUpWaiting() {},
    async close() {},
  });
  const startMicros = monotonicMicros() - 90_000;
  const ended = loop.run({
    round: 1,
    startMicros,
    durationSeconds: 0.1,
    steps,
    ledgers: [allocateLedger(1_000)],
    counters: allocateCounters(),
    settleTimeoutMs: 50,
  });
  loop.start(1, startMicros);
  expect(await ended).toMatchObject({ scheduled: 1_000, handed: 1_000 });
  expect(turns.reduce((sum, messages) => sum + messages, 0)).toBe(1_000);
  expect(Math.max(...turns)).toBeLessThanOrEqual(1_024 ** 2 / messageSizeBytes);
});
