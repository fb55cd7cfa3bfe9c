import { expect, test } from '@jest/globals';
import { formatDuration, formatMetric, formatMs, formatRate } from '../../../src/analysis/report/format.ts';

test.each([
  [null, '–'],
  [0, '0'],
  [0.344, '0.34'],
  [12.345, '12.3'],
  [123.4, '123'],
  [12_345, '12,345'],
])('%p milliseconds read %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text);
});

test.each([
  [null, '–'],
  [0, '0'],
  [0.2, '0.2'],
  [0.016_666, '0.0167'],
  [3.456, '3.46'],
  [99.94, '99.9'],
  [999.5, '1,000'],
  [5_000, '5,000'],
  [-12.34, '-12.3'],
])('%p messages/s read %s', (rate, text) => {
  expect(formatRate(rate)).toBe(text);
});

test.each([
  ['throughput.consumed.messagesPerSecond', 0.0166, '0.0166 messages/s'],
  ['latency.publish.p50Ms', 1.5, '1.5 ms'],
  ['throughput.consumed.messagesPerSecond', 4_999.96, '5,000 messages/s'],
  ['throughput.produced.bytesPerSecond', 5_120_000, '5,120,000 bytes/s'],
  ['durationSeconds', 20, '20 s'],
  ['messages.lost', 1_000, '1,000'],
])('%s of %d reads %s', (path, value, text) => {
  expect(formatMetric(path, value)).toBe(text);
});

test.each([
  [-5, '0 ms'],
  [850, '850 ms'],
  [12_300, '12 s'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [2_820_000, '47 min'],
  [7_200_000, '2 h'],
])('%d ms read %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
