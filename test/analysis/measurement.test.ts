import { expect, test } from '@jest/globals';
import { measurementOf } from '../../src/analysis/measurement.ts';
import type { Load } from '../../src/contracts/input/workload.ts';
import { experimentSpec } from '../support/documents.ts';
import { consumePart, producePart } from '../support/load-parts.ts';

/** Messages a second that both ends saw, of a load that lasts as long as the longer of the two. */
function throughput(
  { scheduled, seconds, load }: { scheduled: number; seconds: number; load?: Load },
  acknowledged: number[],
  received: number[],
) {
  const within = (series: number[]) => series.slice(0, seconds).reduce((sum, one) => sum + one, 0);
  const all = (series: number[]) => series.reduce((sum, one) => sum + one, 0);
  const none = { publishP50Ms: 1, publishP99Ms: 1, publishScheduledP50Ms: 1, publishScheduledP99Ms: 1 };
  const measured = measurementOf(
    [
      producePart({
        durationSeconds: seconds,
        scheduled,
        acknowledged: all(acknowledged),
        acknowledgedInTime: within(acknowledged),
        series: acknowledged.map((one, index) => ({
          second: index + 1,
          acknowledged: one,
          failed: 0,
          ...none,
        })),
      }),
      consumePart({
        received: all(received),
        receivedInTime: within(received),
        series: received.map((one, index) => ({
          second: index + 1,
          received: one,
          secondsLeft: null,
          endToEndP50Ms: 1,
          endToEndP99Ms: 1,
        })),
      }),
    ],
    experimentSpec(load ? { workload: { load } } : {}).workload,
    null,
  );
  return [measured?.throughput.produced.messagesPerSecond, measured?.throughput.consumed.messagesPerSecond];
}

const of = (count: number, value: number) => Array<number>(count).fill(value);

test('a delay takes nothing from a rate that is carried, however short the run', () => {
  // 250 ms to arrive, 100 ms to be confirmed.
  const run = (seconds: number) =>
    throughput(
      { scheduled: 1_000 * seconds, seconds },
      [900, ...of(seconds - 1, 1_000), 100],
      [750, ...of(seconds - 1, 1_000), 250],
    );
  expect(run(5)).toEqual([1_000, 1_000]);
  expect(run(20)).toEqual([1_000, 1_000]);
});

test('what a backlog holds at the end was not carried', () => {
  expect(throughput({ scheduled: 20_000, seconds: 20 }, of(20, 1_000), [...of(20, 700), 6_000])).toEqual([
    1_000, 700,
  ]);
});

test('what never came is missing from the rate', () => {
  expect(
    throughput({ scheduled: 10_000, seconds: 10 }, of(10, 1_000), [...of(5, 1_000), 995, ...of(4, 1_000)]),
  ).toEqual([1_000, 999.5]);
});

test('steps are carried when the backlog of a burst is gone in the end', () => {
  const load: Load = {
    shape: 'steps',
    steps: [
      { messagesPerSecond: 100, seconds: 5 },
      { messagesPerSecond: 1_000, seconds: 2 },
      { messagesPerSecond: 100, seconds: 8 },
    ],
  };
  const arrivals = [...of(5, 100), 500, 500, 500, 700, ...of(6, 100)];
  expect(
    throughput({ scheduled: 3_300, seconds: 15, load }, arrivals, [90, ...arrivals.slice(1), 10]),
  ).toEqual([220, 220]);
});

/** What both ends see of a load, when a message of each step takes so long. */
function delayed(steps: { messagesPerSecond: number; seconds: number; delayMs: number }[]) {
  let [from, at] = [0, 0];
  const due = steps.flatMap(({ messagesPerSecond, seconds, delayMs }) => {
    from = at;
    at += seconds;
    const messages = Math.round(messagesPerSecond * seconds);
    return Array.from({ length: messages }, (_, index) => ({
      at: from + (index + 0.5) / messagesPerSecond + delayMs / 1_000,
      delayMs,
    }));
  });
  return {
    due,
    seconds: at,
    load: { shape: 'steps' as const, steps: steps.map(({ delayMs: _, ...step }) => step) },
  };
}

/** Its throughput at the consumer, of what arrives at these times after those delays. */
function consumedRate(
  due: { at: number; delayMs: number }[],
  seconds: number,
  load: Load,
  scheduled = due.length,
) {
  const inTime = due.filter(({ at }) => at < seconds).length;
  const bySecond = Map.groupBy(due, ({ at }) => Math.floor(at) + 1);
  const series = [...bySecond].map(([second, all]) => ({
    second,
    received: all.length,
    secondsLeft: all.reduce((sum, { at }) => sum + second - at, 0),
    endToEndP50Ms: all.map(({ delayMs }) => delayMs).sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0,
    endToEndP99Ms: 1_000,
  }));
  const measured = measurementOf(
    [
      producePart({
        durationSeconds: seconds,
        scheduled,
        acknowledged: scheduled,
        acknowledgedInTime: scheduled,
      }),
      consumePart({ received: due.length, receivedInTime: inTime, series }),
    ],
    experimentSpec({ workload: { load, durationSeconds: load.shape === 'steps' ? undefined : seconds } })
      .workload,
    null,
  );
  return measured?.throughput.consumed.messagesPerSecond;
}

/** Of a product that passes on so many a second, after a delay. */
function served(rate: number, seconds: number, capacity: number, delayMs: number) {
  return Array.from({ length: Math.round(rate * seconds) }, (_, index) => {
    const dueAt = (index + 0.5) / rate;
    const at = Math.max(dueAt, (index + 0.5) / capacity) + delayMs / 1_000;
    return { at, delayMs: (at - dueAt) * 1_000 };
  });
}

test.each([1, 1.5])('a delay takes nothing from the rate of a load of %d s either', (seconds) => {
  const load: Load = { shape: 'constant', messagesPerSecond: 1_000 };
  for (const delayMs of [3, 30, 250, 600]) {
    expect(consumedRate(served(1_000, seconds, 1_000, delayMs), seconds, load)).toBe(1_000);
  }
  // What waits, or never comes, does.
  for (const capacity of [500, 750, 900]) {
    expect(consumedRate(served(1_000, seconds, capacity, 0), seconds, load)).toBeCloseTo(capacity, -2);
  }
  const lossy = served(1_000, seconds, 1_000, 250).slice(1);
  expect(consumedRate(lossy, seconds, load, lossy.length + 1)).toBeLessThan(1_000);
});

test('a higher rate that takes longer is carried all the same', () => {
  const rising = delayed([
    { messagesPerSecond: 1_000, seconds: 10, delayMs: 4 },
    { messagesPerSecond: 20_000, seconds: 10, delayMs: 150 },
  ]);
  expect(consumedRate(rising.due, rising.seconds, rising.load)).toBe(10_500);
  const short = delayed([
    { messagesPerSecond: 1_000, seconds: 1, delayMs: 4 },
    { messagesPerSecond: 20_000, seconds: 10, delayMs: 150 },
  ]);
  expect(consumedRate(short.due, short.seconds, short.load)).toBeCloseTo(201_000 / 11, 6);
});

test('what the last step, or one before it, leaves waiting was not carried', () => {
  const load = (...rates: number[]): Load => ({
    shape: 'steps',
    steps: rates.map((messagesPerSecond) => ({ messagesPerSecond, seconds: 10 })),
  });
  // 1,000/s, then 20,000/s of which 18,000 are taken.
  const overloaded = Array.from({ length: 210_000 }, (_, index) => {
    const dueAt = index < 10_000 ? index / 1_000 : 10 + (index - 10_000) / 20_000;
    const at = index < 10_000 ? dueAt + 0.004 : 10.004 + (index - 10_000) / 18_000;
    return { at, delayMs: (at - dueAt) * 1_000 };
  });
  expect(consumedRate(overloaded, 20, load(1_000, 20_000))).toBeCloseTo(9_500, -1);
  // 2,000/s of which 1,000 are taken, and then 100/s, by whose end 1,000 still wait.
  const left = Array.from({ length: 21_000 }, (_, index) => {
    const dueAt = index < 20_000 ? index / 2_000 : 10 + (index - 20_000) / 100;
    const at = index / 1_000 + 0.004;
    return { at, delayMs: (at - dueAt) * 1_000 };
  });
  expect(consumedRate(left, 20, load(2_000, 100))).toBeCloseTo(1_000, -1);
});

test('a copy that came to another load generator too is no throughput', () => {
  const spec = experimentSpec({
    workload: {
      load: { shape: 'constant', messagesPerSecond: 1_000 },
      producers: 2,
      consumers: 2,
      generators: 2,
    },
  }).workload;
  const measured = measurementOf(
    [
      ...of(2, 5_000).map((scheduled) =>
        producePart({ scheduled, acknowledged: scheduled, acknowledgedInTime: scheduled }),
      ),
      consumePart({ received: 10_000, receivedInTime: 10_000 }),
      consumePart({ received: 5_000, receivedInTime: 5_000 }),
    ],
    spec,
    { received: 10_000, lost: 0, duplicated: 5_000 },
  );
  expect(measured?.throughput.consumed.messagesPerSecond).toBe(1_000);
});
