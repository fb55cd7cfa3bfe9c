import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { epochMsToMonotonicMicros, monotonicMicros } from '../../../loadgen/measure/clock.ts';
import * as header from '../../../loadgen/measure/header.ts';
import {
  addCounts,
  decodeHistogram,
  emptyCounts,
  encodeCounts,
  percentileMs,
  record,
} from '../../../loadgen/measure/latency-counts.ts';
import { Merger } from '../../../loadgen/measure/merger.ts';
import { MessagePool } from '../../../loadgen/measure/message-pool.ts';
import { type Interval, Recorder } from '../../../loadgen/measure/recorder.ts';

describe('the clock', () => {
  test('is the monotonic clock of the host', () => {
    const before = Number(process.hrtime.bigint()) / 1_000;
    const now = monotonicMicros();
    const after = Number(process.hrtime.bigint()) / 1_000;
    expect(now).toBeGreaterThan(before - 50);
    expect(now).toBeLessThan(after + 50);
  });

  test('maps wall-clock times', () => {
    expect(Math.abs(epochMsToMonotonicMicros(Date.now() + 1_000) - monotonicMicros() - 1e6)).toBeLessThan(
      5_000,
    );
  });
});

describe('the header', () => {
  test('keeps what is written, also beyond 2^32', () => {
    const whole = { maxExcluded: false };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 32 - 1, ...whole }),
        fc.integer({ min: 0, max: 65_535 }),
        fc.integer({ min: 0, max: 65_535 }),
        fc.maxSafeInteger().map(Math.abs),
        fc.maxSafeInteger().map(Math.abs),
        (session, run, producer, sequence, micros) => {
          const buffer = Buffer.alloc(header.headerBytes);
          header.writeOrigin(buffer, { session, run, producer });
          header.writeMessage(buffer, sequence, micros);
          expect(header.hasHeader(buffer)).toBe(true);
          expect([header.readSession(buffer), header.readRun(buffer), header.readProducer(buffer)]).toEqual([
            session,
            run,
            producer,
          ]);
          expect([header.readSequence(buffer), header.readIntendedMicros(buffer)]).toEqual([
            sequence,
            micros,
          ]);
        },
      ),
    );
  });

  test('is not seen in what others sent', () => {
    expect(header.hasHeader(Buffer.alloc(100))).toBe(false);
    expect(header.hasHeader(Buffer.from('CMP1'))).toBe(false);
  });
});

describe('latency counts', () => {
  const latencies = fc.array(
    fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 2 ** 31 - 1 })),
    { minLength: 1 },
  );

  test('say the same as HdrHistogram', () => {
    fc.assert(
      fc.property(latencies, (micros) => {
        const counts = emptyCounts();
        const histogram = build({
          lowestDiscernibleValue: 1,
          highestTrackableValue: 2 ** 31 - 1,
          numberOfSignificantValueDigits: 3,
        });
        for (const value of micros) {
          record(counts, value);
          histogram.recordValue(value);
        }
        const decoded = decodeHistogram(encodeCounts(counts));
        for (const percentile of [0.1, 50, 90, 99, 99.9, 100]) {
          expect(percentileMs(counts, percentile)).toBe(histogram.getValueAtPercentile(percentile) / 1_000);
          expect(decoded?.getValueAtPercentile(percentile)).toBe(histogram.getValueAtPercentile(percentile));
        }
        expect(decoded?.totalCount).toBe(micros.length);
      }),
    );
  });

  test('keep three significant digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (micros) => {
        const counts = emptyCounts();
        record(counts, micros);
        expect(Math.abs((percentileMs(counts, 50) as number) * 1_000 - micros) / micros).toBeLessThan(0.001);
      }),
    );
  });

  test('merge by adding', () => {
    const [one, other] = [emptyCounts(), emptyCounts()];
    for (let micros = 0; micros < 100; micros++) record(one, micros);
    for (let micros = 100; micros < 200; micros++) record(other, micros);
    addCounts(one, other);
    expect(percentileMs(one, 50)).toBe(0.099);
    expect(percentileMs(one, 100)).toBe(0.199);
  });

  test('take what is out of range for its nearest end', () => {
    const counts = emptyCounts();
    record(counts, -3);
    record(counts, 1e12);
    expect(percentileMs(counts, 50)).toBe(0);
    expect(percentileMs(counts, 100)).toBe((2 ** 31 - 1) / 1_000);
  });

  test('are null where nothing was counted', () => {
    expect([encodeCounts(emptyCounts()), percentileMs(emptyCounts(), 50), decodeHistogram(null)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('a recorder and a merger', () => {
  test('split a run into seconds and lose nothing', () => {
    const merger = new Merger(['messages'] as const, ['latency'] as const);
    const recorders = [0, 1].map(
      () =>
        new Recorder(['messages'] as const, ['latency'] as const, 1_000_000, (interval) =>
          merger.add(interval),
        ),
    );
    recorders.forEach((recorder, index) => {
      for (const atMicros of [1_000_000, 1_999_999, 2_000_000, 4_500_000]) {
        recorder.advanceTo(atMicros);
        recorder.sums.messages++;
        record(recorder.latencies.latency, index === 0 ? 1_000 : 2_000);
      }
      recorder.flush();
    });
    expect(merger.totals.messages).toBe(8);
    expect(merger.series()).toEqual([
      { second: 1, sums: { messages: 4 }, p50Ms: { latency: 1 }, p99Ms: { latency: 2 } },
      { second: 2, sums: { messages: 2 }, p50Ms: { latency: 1 }, p99Ms: { latency: 2 } },
      { second: 4, sums: { messages: 2 }, p50Ms: { latency: 1 }, p99Ms: { latency: 2 } },
    ]);
  });

  test('count what a thread reports long after its second', () => {
    const merger = new Merger(['messages'] as const, ['latency'] as const);
    const interval = (second: number): Interval<'messages', 'latency'> => ({
      second,
      sums: { messages: 1 },
      latencies: { latency: emptyCounts() },
    });
    for (const second of [1, 20, 1, 1]) merger.add(interval(second));
    expect(merger.series().map(({ second, sums }) => [second, sums.messages])).toEqual([
      [1, 3],
      [20, 1],
    ]);
  });
});

describe('the message pool', () => {
  const origin = { session: 7, run: 1, producer: 2 };

  test('is bounded in bytes and lends again what came back', () => {
    const pool = new MessagePool(1_000, 3_500);
    const taken = [0, 1, 2].map((sequence) => pool.take(origin, sequence, 10));
    expect(taken).not.toContain(null);
    expect(pool.take(origin, 3, 10)).toBeNull();
    pool.giveBack(taken[1] as NonNullable<(typeof taken)[number]>);
    const again = pool.take({ ...origin, run: 2 }, 3, 11);
    expect(again?.value && header.readRun(again.value)).toBe(2);
    expect(again?.value && header.readSequence(again.value)).toBe(3);
    expect(pool.take(origin, 4, 12)).toBeNull();
  });

  test('fills messages with bytes that do not repeat', () => {
    const pool = new MessagePool(1_024, 1024 * 1024);
    const bodies = [0, 1].map((sequence) =>
      pool.take(origin, sequence, 0)?.value.subarray(header.headerBytes).toString('hex'),
    );
    expect(bodies[0]).not.toBe(bodies[1]);
  });

  test('lends one message however large it is', () => {
    expect(new MessagePool(1_000_000, 1_000).take(origin, 0, 0)).not.toBeNull();
  });
});
