import { randomInt } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readResult } from '../../../activities/control/results.ts';
import type { LoadPart } from '../../../src/contracts/documents/load-parts.ts';
import type { Measurement, Messages } from '../../../src/contracts/documents/metrics.ts';
import { experimentSchema } from '../../../src/contracts/input/experiment.ts';
import { seededRandom } from '../../../src/contracts/input/grid/random.ts';
import { measuredSchedule } from '../../../src/contracts/input/load/schedule.ts';
import { until } from '../../support/until.ts';
import { type Fault, faults, type Truth, truthNames } from '../support/fake-driver.ts';
import { type FakeLoad, type FakeSessions, fakeSessions } from '../support/fake-sessions.ts';

/** One that stays, and one that nobody has tried; a title names its seed, to be added here when it fails. */
const seeds = [1, randomInt(2 ** 31)];

let open: FakeSessions | null = null;

afterEach(async () => {
  await Promise.all(open?.sessions.map(({ session }) => session.close({ atOnce: true })) ?? []);
  open = null;
});

/** A load and a product with some of all faults, drawn by the seed. */
function drawLoad(seed: number): FakeLoad {
  const random = seededRandom(seed);
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const probabilities = faults.map((fault): [Fault, number] => [fault, 0.02 + random() * 0.05]);
  return {
    endpoint: {
      seed,
      partitions: between(1, 8),
      // Something is always lost, so that the drain lasts and every late copy is counted.
      faults: Object.fromEntries(probabilities),
      settleMs: between(0, 1) * 40,
      holdUpMs: 200,
    },
    workload: {
      messagesPerSecond: between(1_000, 4_000),
      producers: between(1, 3),
      consumers: between(1, 3),
    },
  };
}

/** Opens all sessions of a load, as the workflow does. */
async function openFakes(load: FakeLoad): Promise<FakeSessions> {
  open = fakeSessions(load);
  await Promise.all(open.sessions.map(({ session }) => session.open()));
  return open;
}

/** Runs a measurement on all sessions, and answers with every part. */
async function measure({ sessions, workload }: FakeSessions, signal?: AbortSignal): Promise<LoadPart[]> {
  const startAtEpochMs = Date.now() + (sessions.length > 1 ? 1_000 : 50);
  const order = { startAtEpochMs, schedule: measuredSchedule(workload), probe: null };
  const sides = sessions.flatMap(({ session, participants }): Promise<{ part: LoadPart }>[] => [
    ...(participants.producers.length > 0 ? [session.produce(order, signal)] : []),
    ...(participants.consumers.length > 0 ? [session.consume(order, signal)] : []),
  ]);
  return (await Promise.all(sides)).map(({ part }) => part);
}

/** The measurement in the result that is made of the parts. */
async function assemble({ store, workload }: FakeSessions, parts: LoadPart[]): Promise<Measurement> {
  const partKeys = parts.map((_, index) => `part-${index}`);
  await Promise.all(parts.map((part, index) => store.putJson(`part-${index}`, part)));
  const { document } = await readResult(store, {
    experimentId: 'fake',
    runId: 'run',
    spec: experimentSchema.parse({ name: 'lies', technology: 'kafka', workload }),
    timeline: [],
    restarts: 0,
    partial: false,
    partKeys,
    provisioned: null,
    opened: [],
    capacity: null,
    failure: null,
  });
  if (!document.measurement) throw new Error('there is no measurement');
  return document.measurement;
}

/** Of the counts, those that the fake keeps too. */
function known(messages: Messages): Truth {
  return Object.fromEntries(truthNames.map((name) => [name, messages[name] ?? Number.NaN])) as Truth;
}

function difference(after: Truth, before: Truth): Truth {
  return Object.fromEntries(truthNames.map((name) => [name, after[name] - before[name]])) as Truth;
}

describe('what a product did that loses, duplicates, reorders, delays, refuses and lies is counted exactly', () => {
  async function expectExactCounts(load: FakeLoad): Promise<void> {
    const fake = await openFakes(load);
    let before = fake.truth();
    // The second measurement follows on what the first one left unanswered.
    for (let measurement = 1; measurement <= 2; measurement++) {
      const parts = await measure(fake);
      const { messages, latency } = await assemble(fake, parts);
      const after = fake.truth();
      expect(known(messages)).toEqual(difference(after, before));
      expect(messages.scheduled).toBe(load.workload.messagesPerSecond);
      expect(messages.sent + messages.unsent).toBe(messages.scheduled);
      expect(messages.acknowledged + messages.failed + messages.indeterminate).toBe(messages.sent);
      expect(latency.publishScheduled.count).toBe(messages.acknowledged);
      const inSeries = parts
        .flatMap((part) => (part.kind === 'produce' ? part.series : []))
        .reduce((sum, second) => sum + second.acknowledged, 0);
      expect(inSeries).toBe(messages.acknowledged);
      // A message that came to two generators was timed by both.
      const firstCopies = parts.reduce((sum, part) => sum + (part.kind === 'consume' ? part.received : 0), 0);
      expect(latency.endToEnd.count).toBe(firstCopies);
      expect(firstCopies).toBeGreaterThanOrEqual(messages.received);
      before = after;
    }
    // Each kind of fault has shown.
    expect(Object.entries(before).filter(([, count]) => count === 0)).toEqual([]);
  }

  test.each(seeds.map((seed) => ({ seed })))('by one load generator (seed $seed)', ({ seed }) =>
    expectExactCounts(drawLoad(seed)),
  );

  test.each(seeds.map((seed) => ({ seed })))('by several load generators (seed $seed)', ({ seed }) => {
    const { endpoint, workload } = drawLoad(seed);
    const [producers, consumers] = [(workload.producers ?? 1) + 1, workload.consumers ?? 1];
    const generators = 2 + (seed % (Math.max(producers, consumers) - 1));
    return expectExactCounts({ endpoint, workload: { ...workload, producers, consumers, generators } });
  });
});

describe('several load generators', () => {
  test('end the drain soon after everything has arrived, wherever that was', async () => {
    const fake = await openFakes({
      endpoint: {},
      workload: {
        messagesPerSecond: 1_000,
        producers: 3,
        consumers: 2,
        generators: 3,
        drainTimeoutSeconds: 60,
      },
    });
    const startedMs = performance.now();
    const parts = await measure(fake);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    const { messages } = await assemble(fake, parts);
    expect(messages).toMatchObject({
      scheduled: 1_000,
      received: 1_000,
      lost: 0,
      duplicated: 0,
      unexpected: 0,
    });
  });

  test('may have consumers only, or producers only', async () => {
    for (const [producers, consumers] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const fake = await openFakes({
        endpoint: {},
        workload: { messagesPerSecond: 500, producers, consumers, generators: 2, drainTimeoutSeconds: 60 },
      });
      const parts = await measure(fake);
      expect(parts.length).toBe(3);
      expect((await assemble(fake, parts)).messages).toMatchObject({
        acknowledged: 500,
        received: 500,
        lost: 0,
      });
      await Promise.all(fake.sessions.map(({ session }) => session.close({ atOnce: true })));
    }
  });

  test('return what they have when they are cancelled, with counts that agree', async () => {
    const fake = await openFakes({
      endpoint: { settleMs: 20 },
      workload: {
        messagesPerSecond: 1_000,
        producers: 2,
        consumers: 2,
        generators: 2,
        durationSeconds: 60,
        drainTimeoutSeconds: 60,
      },
    });
    const cancel = new AbortController();
    const measuring = measure(fake, cancel.signal);
    await until('200 acknowledged messages', () => fake.truth().acknowledged >= 200);
    const cancelledMs = performance.now();
    cancel.abort(new Error('cancelled'));
    const parts = await measuring;
    expect(performance.now() - cancelledMs).toBeLessThan(8_000);
    const { messages } = await assemble(fake, parts);
    expect(known(messages)).toEqual(fake.truth());
    expect(messages.lost).toBe(0);
  });

  test('can be cancelled while they wait for each other', async () => {
    const fake = fakeSessions({
      endpoint: {},
      workload: { messagesPerSecond: 100, producers: 2, consumers: 2, generators: 2 },
    });
    open = fake;
    const cancel = new AbortController();
    const alone = fake.sessions[0]?.session.open(cancel.signal);
    await until('its first post to the others', () =>
      [...fake.store.objects.keys()].some((key) => key.includes('/told/')),
    );
    cancel.abort(new Error('nobody came'));
    await expect(alone).rejects.toThrow('nobody came');
  });
});
