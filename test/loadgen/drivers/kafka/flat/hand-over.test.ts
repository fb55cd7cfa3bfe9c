import { expect, test } from '@jest/globals';
import { crc32c, createRecordsBatch } from '@platformatic/kafka';
import { handOver } from '../../../../../loadgen/drivers/kafka/flat/hand-over.ts';

const values = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => Buffer.from(`value ${from + index}`));

/** A batch as another client would have sent it. */
function batch(firstOffset: number, count: number, compression: 'none' | 'zstd' = 'zstd'): Buffer {
  const messages = values(firstOffset, count).map((value) => ({ topic: 't', partition: 0, value }));
  const encoded = Buffer.from(createRecordsBatch(messages as never, { compression }).buffer);
  encoded.writeBigInt64BE(BigInt(firstOffset), 0);
  return encoded;
}

/** Hands over an answer at a clock that goes on with each look at it; what came, when, and how often it was looked at. */
function handedOver(buffer: Buffer) {
  let now = 0;
  const arrivals: [string, number][] = [];
  const receive = (_: number, value: Buffer, arrivedMicros: number, offset = 0, length = value.length) =>
    void arrivals.push([value.toString('latin1', offset, offset + length), arrivedMicros]);
  const hand = () =>
    handOver({ receive }, buffer, { partition: 0, begin: 0, end: buffer.length, from: 0 }, () => ++now);
  return { hand, arrivals, looks: () => now };
}

test.each(['none', 'zstd'] as const)('messages arrive with their own batch, compressed %s', (compression) => {
  const answer = handedOver(Buffer.concat([batch(0, 2, compression), batch(2, 2, compression)]));
  answer.hand();
  expect(answer.arrivals).toEqual([
    ['value 0', 1],
    ['value 1', 1],
    ['value 2', 2],
    ['value 3', 2],
  ]);
});

test('a batch has not arrived before it is checked', () => {
  const damaged = batch(0, 2);
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
  const answer = handedOver(damaged);
  expect(answer.hand).toThrow('its CRC differs');
  expect(answer.looks()).toBe(0);
});

test('nor before it is unpacked', () => {
  const damaged = batch(0, 2);
  damaged.fill(0xff, 61);
  damaged.writeUInt32BE(crc32c(damaged.subarray(21)), 17);
  const answer = handedOver(damaged);
  expect(answer.hand).toThrow();
  expect(answer.looks()).toBe(0);
});
