import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ReadPace } from '../../../../loadgen/drivers/kinesis/read-pace.ts';
import { kinesisQuotas } from '../../../../src/technologies/kinesis.ts';
import { ShardMeter } from '../../../../terraform/kinesis/local/quota-proxy/shard.ts';

const mebibyte = 1024 * 1024;

test.each([
  ['200 ms after the last start', [[0, 10, 0]], 200],
  ['as soon after data that leaves room for more', [[0, 10, mebibyte]], 200],
  [
    'when a second’s data is made up for',
    [
      [0, 10, mebibyte],
      [200, 210, 1.5 * mebibyte],
    ],
    1_460,
  ],
  ['5 s after 10 MiB', [[0, 10, 10 * mebibyte]], 5_010],
  [
    'a second after the answer of five calls ago',
    [
      [0, 90, 0],
      [200, 210, 0],
      [400, 410, 0],
      [600, 610, 0],
      [800, 810, 0],
    ],
    1_090,
  ],
] as [string, [startedMs: number, answeredMs: number, bytes: number][], number][])(
  'the next call starts %s',
  (_, calls, expected) => {
    const pace = new ReadPace();
    expect(calls.map((call) => pace.answered(...call)).at(-1)).toBe(expected);
  },
);

test('a shard never refuses a reader that keeps the pace, wherever within a call it looks', () => {
  const call = fc.record({
    travelMs: fc.integer({ min: 0, max: 400 }),
    returnMs: fc.integer({ min: 0, max: 400 }),
    bytes: fc.oneof(fc.constant(0), fc.nat(2 * mebibyte), fc.nat(10 * mebibyte)),
  });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
      const shard = new ShardMeter(kinesisQuotas.shard);
      const pace = new ReadPace();
      let startMs = 0;
      for (const { travelMs, returnMs, bytes } of calls) {
        expect(shard.takeCall(startMs + travelMs)).toBe(true);
        shard.returned(startMs + travelMs, bytes);
        startMs = Math.ceil(pace.answered(startMs, startMs + travelMs + returnMs, bytes));
      }
    }),
  );
});
