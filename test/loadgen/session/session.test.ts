import { afterEach, describe, expect, test } from '@jest/globals';
import type { Session } from '../../../loadgen/session/session.ts';
import { loadSchema, type Workload } from '../../../src/contracts/input/workload.ts';
import { decodeHistogram } from '../../support/histograms.ts';
import { until } from '../../support/until.ts';
import type { FakeEndpoint } from '../support/fake-driver.ts';
import { fakeSessions } from '../support/fake-sessions.ts';
import { measureBoth, orderOf } from '../support/measuring.ts';

const sessions: Session[] = [];

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close({ atOnce: true })));
});

function openFake(endpoint: Partial<FakeEndpoint>, workload: Partial<Workload> & { rate: number }) {
  const { rate, load: _, ...rest } = workload;
  const { sessions: all, truth } = fakeSessions({ endpoint, workload: { ...rest, messagesPerSecond: rate } });
  const { session } = all[0] as (typeof all)[number];
  sessions.push(session);
  return { session, truth };
}

async function measure(session: Session, signals: { produce?: AbortSignal; consume?: AbortSignal } = {}) {
  const order = orderOf(session);
  const [produced, consumed] = await Promise.all([
    session.produce(order, signals.produce),
    session.consume(order, signals.consume),
  ]);
  return { produced, consumed };
}

describe('a session', () => {
  test('ends as soon as everything has arrived', async () => {
    const { session } = openFake({}, { rate: 1_000, drainTimeoutSeconds: 30 });
    const opened = await session.open();
    expect(opened.warmup.acknowledged).toBe(200);
    expect(opened.environment.clients.producer).toEqual({ name: 'fake', version: '1', adds: [] });
    const startedMs = Date.now();
    const { consumed, produced } = await measure(session);
    expect(Date.now() - startedMs).toBeLessThan(3_000);
    expect(consumed).toMatchObject({
      partial: false,
      part: { received: 1_000, lost: 0, unexpected: 0 },
    });
    const threads = [...produced.part.threads, ...consumed.part.threads];
    expect(threads.map(({ name }) => name)).toEqual(['producer 0', 'process', 'consumer 0']);
    for (const { cpuUtilization } of threads) expect(cpuUtilization).toBeGreaterThan(0);
  });

  test('sends on while the product answers nothing, and counts the wait from the intended time', async () => {
    // Sequences 500 to 1,499 are answered when 1,500 comes: the exact answer is a maximum of 1,000 ms.
    const { session } = openFake({ stall: { from: 500, until: 1_500 } }, { rate: 1_000, durationSeconds: 2 });
    await session.open();
    const { produced } = await measure(session);
    const scheduled = decodeHistogram(produced.part.publishScheduled);
    expect(produced.part.acknowledged).toBe(2_000);
    expect(scheduled?.maxValue).toBeGreaterThan(995_000);
    expect(scheduled?.maxValue).toBeLessThan(1_100_000);
    expect(scheduled?.getValueAtPercentile(75)).toBeGreaterThan(480_000);
    expect(scheduled?.getValueAtPercentile(75)).toBeLessThan(600_000);
  });

  test('leaves unsent what does not fit into what may be under way, and in doubt what is never answered', async () => {
    const { session } = openFake({ mute: true }, { rate: 100, messageSizeBytes: 1024 * 1024 });
    await session.open();
    const { produced } = await measure(session);
    expect(produced.part).toMatchObject({
      scheduled: 100,
      unsent: 68,
      acknowledged: 0,
      failed: 0,
      indeterminate: 32,
    });
  });

  test('returns what it has when it is cancelled, at once and with counts that agree', async () => {
    const { session, truth } = openFake(
      { settleMs: 20 },
      { rate: 2_000, durationSeconds: 60, drainTimeoutSeconds: 60 },
    );
    await session.open();
    const cancel = new AbortController();
    const measuring = measure(session, { produce: cancel.signal, consume: cancel.signal });
    await until('almost a second of load', () => session.liveStats().secondsElapsed > 0.9);
    const cancelledMs = Date.now();
    cancel.abort(new Error('cancelled'));
    const { produced, consumed } = await measuring;
    expect(Date.now() - cancelledMs).toBeLessThan(1_200);
    const { part } = produced;
    expect([produced.partial, consumed.partial]).toEqual([true, true]);
    expect(part.scheduled).toBe(part.unsent + part.acknowledged + part.failed + part.indeterminate);
    expect(part.acknowledged).toBe(truth().acknowledged);
    expect(part.durationSeconds).toBeGreaterThan(0.7);
    expect(part.durationSeconds).toBeLessThan(1.6);
    expect(Math.abs(part.scheduled - part.durationSeconds * 2_000)).toBeLessThan(200);
    expect(consumed.part).toMatchObject({ received: truth().received, lost: 0 });
  });

  test('has nothing when it is cancelled before it began', async () => {
    const { session } = openFake({}, { rate: 1_000 });
    await session.open();
    const cancelled = AbortSignal.abort(new Error('cancelled'));
    const { produced, consumed } = await measure(session, { produce: cancelled, consume: cancelled });
    expect(produced).toMatchObject({
      partial: true,
      part: { scheduled: 0, unsent: 0, acknowledged: 0, durationSeconds: 0 },
    });
    expect(consumed).toMatchObject({ partial: true, part: { received: 0, endToEnd: null } });
  });

  test('produces where nothing consumes', async () => {
    const { session } = openFake({}, { rate: 1_000 });
    session.input.consumers = [];
    expect((await session.open()).warmup.acknowledged).toBe(200);
    const { part } = await session.produce(orderOf(session));
    expect(part.acknowledged).toBe(1_000);
  });

  test('can be cancelled while it connects', async () => {
    const hang = new SharedArrayBuffer(4);
    const { session } = openFake({ hang }, { rate: 1_000 });
    const cancel = new AbortController();
    const opening = session.open(cancel.signal);
    await until('the client to connect', () => new Int32Array(hang)[0] === 1);
    cancel.abort(new Error('cancelled'));
    await expect(opening).rejects.toThrow('cancelled');
  });

  test('measures again on the same warm clients, and counts nothing twice', async () => {
    const { session } = openFake({}, { rate: 500 });
    await session.open();
    await measure(session);
    const { produced, consumed } = await measure(session);
    expect(produced.part).toMatchObject({ scheduled: 500, acknowledged: 500 });
    expect(consumed.part).toMatchObject({ received: 500, duplicated: 0, unexpected: 0, lost: 0 });
  });

  test('has the product emptied after a probe of which all has arrived, after what a search held, and after nothing else', async () => {
    const search = loadSchema.parse({
      shape: 'capacity-search',
      startMessagesPerSecond: 200,
      maxMessagesPerSecond: 200,
      probeSeconds: 5,
    });
    const emptiedAfter = async (endpoint: Partial<FakeEndpoint>, isSearch = false) => {
      const emptied = new SharedArrayBuffer(4);
      const { session } = openFake(
        { ...endpoint, emptied },
        { rate: 200, warmupSeconds: 0, durationSeconds: 1, drainTimeoutSeconds: 1 },
      );
      await session.open();
      const seen: (number | undefined)[] = [];
      const order = { schedule: orderOf(session).schedule };
      if (isSearch) session.input.workload.load = search;
      for (const probe of [1, null]) {
        await measureBoth(session, { ...order, startAtEpochMs: Date.now() + 100, probe });
        seen.push(new Int32Array(emptied)[0]);
      }
      return seen;
    };
    const all = await Promise.all([
      emptiedAfter({}),
      // It goes on all the same.
      emptiedAfter({ keeps: true }),
      emptiedAfter({ faults: { lose: 0.5 } }),
      emptiedAfter({}, true),
    ]);
    expect(all).toEqual([
      [1, 1],
      [1, 1],
      [0, 0],
      [1, 2],
    ]);
  });

  test('follows a schedule of steps', async () => {
    const { session } = openFake({}, { rate: 500 });
    await session.open();
    const step = (messagesPerSecond: number, seconds: number) => ({ messagesPerSecond, seconds });
    const order = { ...orderOf(session), schedule: [step(200, 1), step(0, 1), step(1_000, 1)] };
    const [{ part: produced }, { part: consumed }] = await Promise.all([
      session.produce(order),
      session.consume(order),
    ]);
    expect(produced).toMatchObject({ durationSeconds: 3, scheduled: 1_200, acknowledged: 1_200 });
    const received = [1, 2, 3].map(
      (wanted) => consumed.series.find(({ second }) => second === wanted)?.received ?? 0,
    );
    expect(received[0]).toBeGreaterThan(150);
    expect(received[1]).toBeLessThan(50);
    expect(received[2]).toBeGreaterThan(700);
  });

  test('runs each side of a measurement once', async () => {
    const { session } = openFake({}, { rate: 100 });
    await session.open();
    const order = orderOf(session);
    const first = session.produce(order);
    await expect(session.produce(order)).rejects.toMatchObject({ type: 'already-measured' });
    await first;
  });

  test('says why when the product takes nothing', async () => {
    const { session } = openFake({ refuseAll: true }, { rate: 1_000 });
    await expect(session.open()).rejects.toMatchObject({
      type: 'warm-up-failed',
      message: 'the warm-up put nothing into the product: all 200 messages failed: CLOSED_TODAY (200)',
    });
  });

  test('tells why messages failed, in the warm-up and without one', async () => {
    const { session } = openFake({ faults: { fail: 0.1 } }, { rate: 1_000 });
    const { warmup } = await session.open();
    expect(warmup.refusals).toEqual([
      { reason: 'FAILED_ON_PURPOSE', outcome: 'failed', messages: 200 - warmup.acknowledged },
    ]);
    const { produced } = await measure(session);
    expect(produced.part.refusals).toEqual([
      { reason: 'FAILED_ON_PURPOSE', outcome: 'failed', messages: produced.part.failed },
    ]);

    const cold = openFake({ refuseAll: true }, { rate: 1_000, warmupSeconds: 0 }).session;
    expect((await cold.open()).warmup).toMatchObject({
      acknowledged: 0,
      refusals: [],
      seconds: 0,
      level: null,
    });
    expect((await measure(cold)).produced.part).toMatchObject({
      acknowledged: 0,
      refusals: [{ reason: 'CLOSED_TODAY', outcome: 'failed', messages: 1_000 }],
    });
  });

  test('counts what arrived by partition', async () => {
    const { session } = openFake({ partitions: 3 }, { rate: 1_000 });
    await session.open();
    const { consumed } = await measure(session);
    expect(consumed.part.perPartition).toEqual([334, 333, 333]);
  });

  test('fails, and says which, when a thread dies', async () => {
    const { session } = openFake({ dieAfter: 500 }, { rate: 1_000, durationSeconds: 30 });
    await session.open();
    const order = orderOf(session);
    const sides = [session.produce(order), session.consume(order)];
    for (const side of sides) {
      await expect(side).rejects.toMatchObject({
        type: 'thread-broken',
        message: 'consumer 0: the fake consumer died',
      });
    }
  });

  test('shows what happens while it happens', async () => {
    const { session } = openFake({}, { rate: 1_000, durationSeconds: 3 });
    await session.open();
    const measuring = measure(session);
    const live = await until('2,000 acknowledged messages and one more', () => {
      const stats = session.liveStats();
      return stats.acknowledged > 2_000 && stats;
    });
    await measuring;
    expect(live.secondsTotal).toBe(3);
    expect(live.secondsElapsed).toBeGreaterThan(2);
    expect(live.producedPerSecond).toBeGreaterThan(800);
    expect(live.consumedPerSecond).toBeGreaterThan(800);
    expect(live.acknowledged).toBeGreaterThan(2_000);
    expect(live.backlog).toBeLessThan(500);
    expect(live.endToEndP99Ms).toBeGreaterThan(0);
  });
});
