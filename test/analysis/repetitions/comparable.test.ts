import { expect, test } from '@jest/globals';
import { latencyOf, mergeHistograms } from '../../../src/analysis/latency/histograms.ts';
import { toldMeasurement } from '../../../src/analysis/latency/told.ts';
import { comparableInReport, comparableValue } from '../../../src/analysis/repetitions/comparable.ts';
import { measurement } from '../../support/documents.ts';
import { histogram } from '../../support/load-parts.ts';

const p99 = 'latency.endToEnd.p99Ms';
const scheduled = 10_000;

/** A measurement of which so many never arrived; those that did took 10 ms, and one in fifty 80 ms. */
function withMissing(missing: number) {
  const taken = Array.from({ length: scheduled - missing }, (_, n) => (n % 50 === 0 ? 80_000 : 10_000));
  const messages = { ...measurement().messages, scheduled, received: scheduled - missing };
  const endToEnd = latencyOf(mergeHistograms([histogram(...taken)]));
  return measurement({ messages, latency: { ...measurement().latency, endToEnd } });
}

test('a latency is compared as one of all messages that were due', () => {
  expect(comparableValue(withMissing(0), 'latency.endToEnd.p95Ms')).toBeCloseTo(10, 0);
  expect(comparableValue(withMissing(400), 'latency.endToEnd.p95Ms')).toBeCloseTo(80, 0);
  expect(comparableValue(withMissing(400), p99)).toBe(Number.POSITIVE_INFINITY);
});

test('what a document leaves out for too few messages is not endless', () => {
  const told = (missing: number) => toldMeasurement(withMissing(missing));
  // 9,990 came of 10,000: too few for a p99.9 by themselves, and enough were due.
  expect(comparableValue(told(10), 'latency.endToEnd.p999Ms')).toBeCloseTo(80, 0);
  expect(comparableValue(told(0), 'latency.endToEnd.p9999Ms')).toBeCloseTo(80, 0);
  expect(comparableValue(told(scheduled), p99)).toBe(Number.POSITIVE_INFINITY);
});

test('a rate is what it is, and what was not measured nothing', () => {
  expect(comparableValue(measurement(), 'throughput.consumed.messagesPerSecond')).toBe(999.5);
  expect(comparableValue(null, p99)).toBeNull();
});

test.each<[Record<string, number | null>, number | null]>([
  [{ 'throughput.consumed.messagesPerSecond': 5, [p99]: null }, Number.POSITIVE_INFINITY],
  [{ 'throughput.consumed.messagesPerSecond': 5, [p99]: 7 }, 7],
  [{ 'throughput.consumed.messagesPerSecond': null, [p99]: null }, null],
  [{ 'throughput.consumed.messagesPerSecond': 5 }, null],
])('of a run in a report that says %j it is %p', (measured, value) => {
  expect(comparableInReport(measured, p99)).toBe(value);
});
