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
