import { expect, test } from '@jest/globals';
import { kinesisQuotas } from '../../../../../src/technologies/kinesis.ts';
import { quotasOf, ShardMeter } from '../../../../../terraform/kinesis/local/quota-proxy/shard.ts';

const mebibyte = 1024 * 1024;
const meter = () => new ShardMeter(kinesisQuotas.shard);

function takenOf(count: number, bytes: number, atMs = 0, of = meter()): number {
  return Array.from({ length: count }).filter(() => of.takeRecord(atMs, bytes)).length;
}

test.each([
  ['1,000 records', 3_000, 100, 1_000],
  ['1 MiB', 3_000, 4_096, 256],
  ['1 MiB, however large the records', 10, 700_000, 1],
])('a shard takes %s in a second', (_, count, bytes, taken) => {
  expect(takenOf(count, bytes)).toBe(taken);
});

test('a record refused for its bytes does not count as a record', () => {
  const shard = meter();
  expect(takenOf(1, mebibyte - 10, 0, shard)).toBe(1);
  expect(takenOf(5_000, 11, 0, shard)).toBe(0);
  expect(takenOf(1, 10, 0, shard)).toBe(1);
});

test('a shard is read five times a second', () => {
  const shard = meter();
  const calls = [0, 100, 200, 300, 400, 500, 999, 1_000, 1_050, 1_100];
  expect(calls.map((atMs) => shard.takeCall(atMs))).toEqual([
    ...[true, true, true, true, true],
    ...[false, false],
    ...[true, false, true],
  ]);
});

test.each([
  ['2 MiB in a second by small calls', mebibyte, [true, true, false, false, true]],
  ['10 MiB in five seconds by a large one', 10 * mebibyte, [true, false, false, false, false]],
])('a shard gives %s', (_, bytes, taken) => {
  const shard = meter();
  const calls = [0, 200, 400, 999, 1_000].map((atMs) => {
    const goes = shard.takeCall(atMs);
    if (goes) shard.returned(atMs, bytes);
    return goes;
  });
  expect(calls).toEqual(taken);
  expect(shard.takeCall(5_000)).toBe(true);
});

test('an on-demand stream takes four shards’ worth, however many the emulator has', () => {
  expect(quotasOf('provisioned', 7)).toEqual(kinesisQuotas.shard);
  for (const openShards of [1, 3, 4, 8]) {
    const { writeRecordsPerSecond, readBytesPerSecond, readCallsPerSecond } = quotasOf(
      'on-demand',
      openShards,
    );
    expect(writeRecordsPerSecond * openShards).toBeCloseTo(4_000);
    expect(readBytesPerSecond * openShards).toBeCloseTo(8 * mebibyte);
    expect(readCallsPerSecond).toBe(5);
  }
});
