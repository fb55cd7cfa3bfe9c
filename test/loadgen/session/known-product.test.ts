import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { latencyOf, mergeHistograms } from '../../../src/analysis/latency/histograms.ts';
import { intervalsOf } from '../../../src/analysis/latency/intervals.ts';
import { sum } from '../../../src/analysis/sum.ts';
import { secondsOf } from '../../../src/analysis/timeseries.ts';
import type { Latency, Measurement } from '../../../src/contracts/documents/metrics.ts';
import { memoryStore } from '../../support/memory-store.ts';
import type { Delay, Fate, KnownEndpoint } from '../support/known/product.ts';
import {
  type Between,
  type KnownLoad,
  type KnownMeasurement,
  KnownProduct,
} from '../support/known/session.ts';

/** Runs a load on a product of its own, to its end. */
async function measure(
  load: KnownLoad,
  { inMs, toldAfterMs }: { inMs?: number; toldAfterMs?: number[] } = {},
): Promise<KnownMeasurement> {
  const known = new KnownProduct(load);
  try {
    await known.open();
    return await known.measure(known.order(inMs), toldAfterMs);
  } finally {
    await known.close();
  }
}

const both = (delay: Delay): Pick<KnownEndpoint, 'publish' | 'deliver'> => ({
  publish: delay,
  deliver: delay,
});

function measurementOf(measured: KnownMeasurement): Measurement {
  const { measurement } = measured.result();
  if (!measurement) throw new Error('there is no measurement');
  return measurement;
}

/**
 * A bucket of the histogram, and what may come between a note and a measurement on a busy machine; where few messages lie
 * far apart, one of them may be on the other side.
 */
const off = { ms: 3, ranks: 0.003 };

/** That a percentile of what was noted is what was measured. */
function expectPercentile(
  measured: number | null | undefined,
  truth: readonly Between[],
  share: number,
): void {
  const at = (bound: keyof Between, rank: number) => {
    const sorted = truth.map((one) => one[bound]).sort((a, b) => a - b);
    return sorted[Math.min(sorted.length, Math.max(1, Math.ceil(rank * sorted.length))) - 1] as number;
  };
  const least = at('least', share === 1 ? 1 : share - off.ranks);
  const most = at('most', share + off.ranks);
  expect(measured).toBeGreaterThanOrEqual(least - off.ms - least / 500);
  expect(measured).toBeLessThanOrEqual(most + off.ms + most / 500);
}

/** That a latency is that of the very messages, at every percentile that there is. */
function expectLatency(measured: Latency, truth: readonly Between[]): void {
  expect(measured.count).toBe(truth.length);
  const shares = { p50Ms: 0.5, p90Ms: 0.9, p95Ms: 0.95, p99Ms: 0.99, maxMs: 1 } as const;
  for (const [name, share] of Object.entries(shares) as [keyof typeof shares, number][]) {
    expectPercentile(measured[name], truth, share);
  }
}

function expectLatencies(measured: KnownMeasurement): Measurement['latency'] {
  const { latency } = measurementOf(measured);
  expectLatency(latency.publish, measured.truth.publish);
  expectLatency(latency.publishScheduled, measured.truth.publishScheduled);
  expectLatency(latency.endToEnd, measured.truth.endToEnd);
  return latency;
}

/** No sooner than the product answers, and not much later: how much is the machine's business, and what is noted tells. */
function expectAbout(measured: number | null, ms: number): void {
  expect(measured).toBeGreaterThanOrEqual(ms * 0.998);
  expect(measured).toBeLessThan(ms + 250);
}

describe('the latencies are those of the product', () => {
  test.concurrent.each(['messages', 'headers'])(
    'that always takes 250 ms, by clients that take %s',
    async (taken) => {
      const measured = await measure({
        product: { ...both({ kind: 'constant', ms: 250 }), encodes: taken === 'headers' },
        workload: { producers: 2, consumers: 2, durationSeconds: 4 },
      });
      for (const latency of Object.values(expectLatencies(measured))) {
        expect(latency.count).toBe(4_000);
        expectAbout(latency.p50Ms, 250);
      }
      const { throughput, messages } = measurementOf(measured);
      expect(throughput.produced.messagesPerSecond).toBe(1_000);
      expect(throughput.consumed).toEqual({ messagesPerSecond: 1_000, bytesPerSecond: 100_000 });
      expect(messages).toMatchObject({
        scheduled: 4_000,
        unsent: 0,
        acknowledged: 4_000,
        failed: 0,
        indeterminate: 0,
        throttled: 0,
        received: 4_000,
        lost: 0,
        duplicated: 0,
        unexpected: 0,
      });
      // What came within the schedule's time is less by the quarter of a second that it took.
      const within = (times: readonly number[]) => times.filter((time) => time <= 4).length;
      const { truth } = measured;
      expect(sum(measured.produced.map((part) => part.acknowledgedInTime))).toBeLessThan(3_800);
      for (const [inTime, times] of [
        [sum(measured.produced.map((part) => part.acknowledgedInTime)), truth.confirmedAt],
        [sum(measured.consumed.map((part) => part.receivedInTime)), truth.arrivedAt],
      ] as const) {
        expect(Math.abs(inTime - within(times))).toBeLessThan(20);
      }
      // A quarter of a second's load is on its way all the time, and none of it waits between the two ends.
      for (const { second, backlog } of secondsOf(measured.parts)) {
        if (second <= 4) expect(backlog).toBeLessThan(100);
      }
      // At a constant rate, a message that comes in a second leaves half of it on average.
      const second = measured.consumed[0]?.series.find((one) => one.second === 2);
      expect(second?.secondsLeft).toBeGreaterThan((second?.received ?? 0) * 0.4);
      expect(second?.secondsLeft).toBeLessThan((second?.received ?? 0) * 0.6);
      const verdicts = measured.result([
        { metric: 'latency.endToEnd.p50Ms', atMost: 240 },
        { metric: 'latency.endToEnd.p50Ms', atMost: 500 },
        { metric: 'throughput.consumed.messagesPerSecond', atLeast: 999 },
        { metric: 'messages.lost', atMost: 0 },
      ]).verdicts;
      expect(verdicts.slice(1).map(({ verdict }) => verdict)).toEqual(['met', 'met', 'met']);
      expect(verdicts[0]?.verdict).not.toBe('met');
    },
  );

  test.concurrent('that confirms at once and hands out late, and the other way round', async () => {
    const late = await measure({ product: { deliver: { kind: 'constant', ms: 300 } } });
    const { publish, endToEnd } = expectLatencies(late);
    expect(publish.p50Ms).toBeLessThan(50);
    expectAbout(endToEnd.p50Ms, 300);
    const early = expectLatencies(await measure({ product: { publish: { kind: 'constant', ms: 300 } } }));
    expectAbout(early.publish.p50Ms, 300);
    expect(early.endToEnd.p50Ms).toBeLessThan(50);
  });

  test.concurrent('that takes forty times as long for one message in twenty', async () => {
    const latency = expectLatencies(
      await measure({ product: both({ kind: 'bimodal', ms: 10, slowMs: 400, every: 20 }) }),
    );
    for (const { p50Ms, p90Ms, p99Ms } of Object.values(latency)) {
      expectAbout(p50Ms, 10);
      expect(p90Ms).toBeLessThan(400);
      expect(p99Ms).toBeGreaterThanOrEqual(399);
    }
  });

  test.concurrent('that varies', async () => {
    const latency = expectLatencies(
      await measure({ product: both({ kind: 'jitter', leastMs: 20, mostMs: 220 }) }),
    );
    for (const { p50Ms, p99Ms, maxMs } of Object.values(latency)) {
      expectAbout(p50Ms, 120);
      expect(p99Ms).toBeGreaterThanOrEqual(217);
      expect(maxMs).toBeGreaterThanOrEqual(219);
    }
  });

  test.concurrent('that stands still for a second: whatever is due meanwhile waits for its end', async () => {
    const measured = await measure({
      product: both({ kind: 'stall', ms: 5, fromMs: 1_000, untilMs: 2_000 }),
      workload: { durationSeconds: 3 },
    });
    const latency = expectLatencies(measured);
    for (const { p50Ms, p90Ms, p99Ms, maxMs } of Object.values(latency)) {
      // A third of all waits, evenly from 0 to 1 s: one in ten for longer than 0.7 s, one in 100 for longer than 0.97 s,
      // less what a busy machine keeps from coming in at its time.
      expectAbout(p50Ms, 5);
      expectAbout(p90Ms, 650);
      expectAbout(p99Ms, 930);
      expect(maxMs).toBeGreaterThanOrEqual(980);
    }
    const seconds = secondsOf(measured.parts);
    const at = (times: readonly number[], second: number) =>
      times.filter((time) => time > second - 1 && time <= second).length;
    for (const second of [1, 2, 3]) {
      // A message at a second's edge may lie on either side of it.
      expect(
        Math.abs((seconds[second - 1]?.produced ?? 0) - at(measured.truth.confirmedAt, second)),
      ).toBeLessThan(30);
      expect(
        Math.abs((seconds[second - 1]?.consumed ?? 0) - at(measured.truth.arrivedAt, second)),
      ).toBeLessThan(30);
    }
    expect(measurementOf(measured).throughput.consumed.messagesPerSecond).toBe(1_000);
    // All that waited came with the third second's beginning, and left the whole of it.
    const third = measured.consumed[0]?.series.find((one) => one.second === 3);
    const ownShare = (third?.received ?? 0) - 1_000;
    expect(third?.secondsLeft).toBeGreaterThan(ownShare * 0.8 + 400);
    const kept = intervalsOf(measured.parts);
    expect(kept.map(({ fromSecond, untilSecond }) => [fromSecond, untilSecond])).toEqual([[0, 5]]);
    expectLatency(latencyOf(mergeHistograms([kept[0]?.endToEnd ?? null])), measured.truth.endToEnd);
    expectLatency(latencyOf(mergeHistograms([kept[0]?.publish ?? null])), measured.truth.publish);
  });

  test.concurrent('that confirms and does not hand out for a second: that is the backlog', async () => {
    const measured = await measure({
      product: { deliver: { kind: 'stall', ms: 5, fromMs: 500, untilMs: 1_500 } },
    });
    expectLatencies(measured);
    const { confirmedAt, arrivedAt } = measured.truth;
    const by = (times: readonly number[], second: number) => times.filter((time) => time <= second).length;
    const backlogs = secondsOf(measured.parts).map(({ backlog }) => backlog);
    expect(backlogs[0]).toBeGreaterThan(400);
    for (const second of [1, 2]) {
      const truth = by(confirmedAt, second) - by(arrivedAt, second);
      expect(Math.abs((backlogs[second - 1] ?? 0) - Math.max(0, truth))).toBeLessThan(50);
    }
  });
});

describe('what becomes of messages', () => {
  const fates: Record<number, Fate> = { 3: 'lose', 7: 'refuse', 11: 'doubt', 13: 'duplicate' };

  test.concurrent('is counted message by message', async () => {
    const measured = await measure({
      product: { ...both({ kind: 'constant', ms: 20 }), fates, laterMs: 200 },
      workload: { drainTimeoutSeconds: 1.5 },
    });
    // One in twenty of 2,000 each.
    expect(measurementOf(measured).messages).toMatchObject({
      scheduled: 2_000,
      sent: 2_000,
      acknowledged: 1_800,
      failed: 100,
      indeterminate: 100,
      received: 1_800,
      lost: 100,
      duplicated: 100,
      unexpected: 0,
    });
    expectLatencies(measured);
    const [lost, none] = measured.result([
      { metric: 'messages.lost', atMost: 100 },
      { metric: 'messages.duplicated', atMost: 0 },
    ]).verdicts;
    expect([lost?.verdict, none?.verdict]).toEqual(['met', 'not-met']);
  });

  test.concurrent('copies are waited for where nothing is lost, though everything has arrived once', async () => {
    const measured = await measure({
      product: { fates: { 19: 'duplicate' }, laterMs: 700 },
      workload: { durationSeconds: 1 },
    });
    expect(measurementOf(measured).messages).toMatchObject({ received: 1_000, lost: 0, duplicated: 50 });
  });

  test.concurrent('copies may take as long as the messages did', async () => {
    const measured = await measure({
      product: { deliver: { kind: 'constant', ms: 1_800 }, fates: { 19: 'duplicate' }, laterMs: 1_700 },
      workload: { durationSeconds: 1 },
    });
    expect(measurementOf(measured).messages).toMatchObject({ received: 1_000, duplicated: 50 });
  });

  test.concurrent.each<[Fate, object]>([
    ['doubt', { acknowledged: 950, indeterminate: 50, received: 1_000, duplicated: 0 }],
    ['retry', { acknowledged: 1_000, indeterminate: 0, received: 1_000, duplicated: 50 }],
  ])('after a doubt (%s) it is waited for longer', async (fate, messages) => {
    const measured = await measure({
      product: { fates: { 19: fate }, laterMs: 3_000 },
      workload: { durationSeconds: 1 },
    });
    expect(measurementOf(measured).messages).toMatchObject(messages);
  });

  test.concurrent('the drain has an end, however long copies come', async () => {
    const measured = await measure({
      product: { fates: { 19: 'duplicate' }, laterMs: 60_000, deliver: { kind: 'constant', ms: 0 } },
      workload: { durationSeconds: 1, drainTimeoutSeconds: 1 },
    });
    expect(measurementOf(measured).messages).toMatchObject({ received: 1_000, duplicated: 0 });
  });
});

describe('the load generator knows when it was the limit', () => {
  test('not where a slow product is', async () => {
    const measured = await measure({
      product: both({ kind: 'constant', ms: 3_000 }),
      workload: { durationSeconds: 1 },
    });
    const { loadGenerator } = measured.result();
    expect(loadGenerator).toMatchObject({ limited: false, evidence: [] });
    expect(loadGenerator?.startLateMs).toBe(0);
  });

  test('not where the product made no room: what waits for it is late, but not by the generator', async () => {
    const measured = await measure({
      // 50 at a time for 200 ms each: a quarter of what is due.
      product: { ...both({ kind: 'constant', ms: 200 }), encodes: 50 },
    });
    const { messages } = measurementOf(measured);
    expect(messages.unsent).toBeGreaterThan(500);
    const { loadGenerator } = measured.result();
    expect(loadGenerator?.lateSendP50Ms).toBeGreaterThan(500);
    expect(loadGenerator?.ownLateSendP99Ms).toBeLessThan((loadGenerator?.lateSendP99Ms ?? 0) / 10);
    expect(loadGenerator?.evidence.filter((evidence) => evidence.startsWith('messages were sent'))).toEqual(
      [],
    );
  });

  test('where a producer stood still: what it sent late is late, and its own doing', async () => {
    const measured = await measure({
      product: {
        ...both({ kind: 'constant', ms: 20 }),
        hold: { role: 'producer', how: 'pause', everyMs: 900, forMs: 400, lastsMs: 1_900 },
      },
    });
    const latency = expectLatencies(measured);
    // What is due in a hold of 400 ms is sent at its end; the holds are a fifth of the time, or more.
    for (const { maxMs } of [latency.publishScheduled, latency.endToEnd]) {
      expect(maxMs).toBeGreaterThanOrEqual(400);
    }
    const { loadGenerator, verdicts } = measured.result([{ metric: 'latency.endToEnd.p99Ms', atMost: 100 }]);
    for (const [name, share] of [
      ['lateSendP50Ms', 0.5],
      ['lateSendP99Ms', 0.99],
      ['ownLateSendP50Ms', 0.5],
      ['ownLateSendP99Ms', 0.99],
    ] as const) {
      expectPercentile(loadGenerator?.[name], measured.truth.lateness, share);
    }
    // Late ones are not sent when they were meant to be: a fifth of all at least was handed over at the end of a hold.
    const stale = measured.truth.stale.filter((ms) => ms > 50 || ms < 0);
    expect(stale.length).toBeLessThan(100);
    expect(loadGenerator?.limited).toBe(true);
    expect(loadGenerator?.evidence).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^messages were sent \d+ ms late \(p99\)/),
        expect.stringMatching(/^the event loop of producer 0 was \d+ ms late/),
      ]),
    );
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['undecided']);
  });

  test('where a consumer stood still for a tenth of the time', async () => {
    const measured = await measure({
      product: {
        ...both({ kind: 'constant', ms: 20 }),
        hold: { role: 'consumer', how: 'pause', everyMs: 2_000, forMs: 200, lastsMs: 3_900 },
      },
      workload: { durationSeconds: 4 },
    });
    expectLatencies(measured);
    const { loadGenerator, verdicts } = measured.result([{ metric: 'latency.endToEnd.p99Ms', atMost: 50 }]);
    const held = loadGenerator?.threads.find(({ name }) => name === 'consumer 0');
    // Once in 4 s: of all moments, one in 100 waits for longer than 200 - 40 ms.
    expect(held?.eventLoopDelayP99Ms).toBeGreaterThan(145);
    expect(loadGenerator?.limited).toBe(true);
    expect(loadGenerator?.evidence).toContainEqual(
      expect.stringMatching(/^the event loop of consumer 0 was \d+ ms late/),
    );
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['undecided']);
  });

  test.each(['producer', 'consumer'] as const)(
    'where a %s used its core up, however long it waited before and after',
    async (role) => {
      const measured = await measure(
        {
          product: {
            ...both({ kind: 'constant', ms: 1_000 }),
            hold: { role, how: 'spin', everyMs: 10, forMs: 10, lastsMs: 1_900 },
          },
          workload: { durationSeconds: role === 'consumer' ? 3 : 2 },
        },
        { inMs: 1_500 },
      );
      const { loadGenerator } = measured.result();
      const thread = loadGenerator?.threads.find(({ name }) => name === `${role} 0`);
      // A consumer is held from its first message on, which comes a second after the start.
      const share = role === 'consumer' ? 1.9 / 3 : 1.9 / 2;
      const truth = measured.truth.heldUtilization * share;
      expect(thread?.cpuUtilization).toBeGreaterThan(truth - 0.1);
      expect(thread?.cpuUtilization).toBeLessThan(truth + 0.15);
    },
  );
});

describe('a schedule begins when everybody is ready', () => {
  test.concurrent.each([
    { name: 'the order came late', inMs: -500 },
    { name: 'the order came just in time', inMs: 0 },
  ])('where $name', async ({ inMs }) => {
    const measured = await measure({ product: both({ kind: 'constant', ms: 20 }) }, { inMs });
    const latency = expectLatencies(measured);
    expectAbout(latency.endToEnd.p50Ms, 20);
    const { loadGenerator } = measured.result();
    expect(loadGenerator?.startLateMs).toBeGreaterThanOrEqual(-inMs);
    expect(loadGenerator?.startLateMs).toBeLessThan(-inMs + 400);
    expect(measurementOf(measured).durationSeconds).toBe(2);
    expect(measurementOf(measured).messages).toMatchObject({ scheduled: 2_000, unsent: 0 });
  });

  test.concurrent('also where only one of several generators was late, and by as much for all', async () => {
    const measured = await measure(
      {
        product: both({ kind: 'constant', ms: 20 }),
        workload: { producers: 2, consumers: 2, generators: 2 },
      },
      { inMs: 1_000, toldAfterMs: [0, 1_500] },
    );
    // The second one was told half a second after the start that was asked for, and needs 2 s to be heard.
    const lates = measured.parts.map(({ start }) => start?.lateMs ?? 0);
    expect(Math.min(...lates)).toBeGreaterThan(2_400);
    expect(Math.max(...lates) - Math.min(...lates)).toBeLessThan(3);
    expectLatencies(measured);
    expect(measurementOf(measured).messages).toMatchObject({ scheduled: 2_000, acknowledged: 2_000 });
  });

  test.concurrent('where they were heard of too late to begin together, they do not begin', async () => {
    const store = memoryStore();
    let isSlow = false;
    const slow = {
      ...store,
      async get(key: string) {
        const body = await store.get(key);
        if (isSlow) await delay(3_500, undefined, { ref: false });
        return body;
      },
    };
    const known = new KnownProduct({ store: slow, workload: { producers: 2, consumers: 2, generators: 2 } });
    try {
      await known.open();
      isSlow = true;
      await expect(known.measure(known.order(-100))).rejects.toMatchObject({ type: 'started-late' });
    } finally {
      await known.close();
    }
  });

  test.concurrent('and when nothing of the round before is still arriving', async () => {
    const measured = await measure({
      // 200 messages of the warm-up, one after the other for 4 s, of which the drain waits for the first second.
      product: { warmupGapMs: 20 },
      workload: { drainTimeoutSeconds: 1, durationSeconds: 1 },
    });
    const { loadGenerator } = measured.result();
    expect(loadGenerator?.undrainedBefore).toBeGreaterThan(50);
    // It began a second after the last of them.
    expect(loadGenerator?.startLateMs).toBeGreaterThan(2_500);
    expectLatencies(measured);
    expect(measurementOf(measured).messages).toMatchObject({ received: 1_000, duplicated: 0, unexpected: 0 });
  });
});

test('what a client still holds of the round before is told too', async () => {
  const { loadGenerator } = (
    await measure({
      product: { warmupHeldMs: 4_000 },
      workload: { drainTimeoutSeconds: 1, durationSeconds: 1 },
    })
  ).result();
  expect(loadGenerator?.undrainedBefore).toBeGreaterThan(50);
});

describe('a latency between two clocks is none', () => {
  test.concurrent.each([-3_600_000, 5_000])('of which the one is %d ms ahead', async (aheadMs) => {
    await expect(measure({ product: { aheadMs }, workload: { durationSeconds: 1 } })).rejects.toMatchObject({
      type: 'clocks-differ',
      message: expect.stringMatching(/^1000 of 1000 messages arrived before they were to be sent/),
    });
  });
});
