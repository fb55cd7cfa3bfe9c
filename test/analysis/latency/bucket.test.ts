import { expect, test } from '@jest/globals';
import { emptyCounts, encodeCounts, record } from '../../../loadgen/measure/latency-counts.ts';
import { besideBound, lowerEdgeMs } from '../../../src/analysis/latency/bucket.ts';
import { latencyOf, mergeHistograms } from '../../../src/analysis/latency/histograms.ts';
import { verdictOfRuns } from '../../../src/analysis/repetitions/verdict-of-runs.ts';
import { measuredInWords } from '../../../src/analysis/report/verdict-words.ts';
import { verdictsOn } from '../../../src/analysis/verdicts.ts';
import type { Verdict } from '../../../src/contracts/documents/result.ts';
import { measurement } from '../../support/documents.ts';
import { histogram } from '../../support/load-parts.ts';

/** As a load generator records them, and an analysis reads them. */
function latencyFrom(...groups: [count: number, micros: number][]) {
  const counts = emptyCounts();
  for (const [count, micros] of groups) for (let n = 0; n < count; n++) record(counts, micros);
  return latencyOf(mergeHistograms([encodeCounts(counts)]));
}

function judge(endToEnd: ReturnType<typeof latencyFrom>, metric: string, bound: object): Verdict {
  const messages = { ...measurement().messages, scheduled: 1_000, acknowledged: 1_000, received: 1_000 };
  const measured = measurement({ messages, latency: { ...measurement().latency, endToEnd } });
  const requirement = { metric: `latency.endToEnd.${metric}`, ...bound } as {
    metric: string;
    atMost: number;
  };
  const [verdict] = verdictsOn([requirement], {
    measurement: measured,
    emulated: false,
    partial: false,
    limited: false,
    moving: null,
  });
  return verdict as Verdict;
}

test.each([
  [100_000, 100],
  [2_048, 2.048],
  [2_047, 2.047],
  [1_000_000, 1_000],
])('a latency of exactly its bound keeps it: %i µs', (micros, atMost) => {
  const latency = latencyFrom([990, micros], [10, 2 * micros]);
  const kept = judge(latency, 'p99Ms', { atMost });
  expect(kept).toMatchObject({ verdict: 'met' });
  expect(kept.reason.match(/[\d.,]+ ms/g)).toHaveLength(2);
  expect(new Set(kept.reason.match(/[\d.,]+ ms/g)).size).toBe(1);
  expect(Number(measuredInWords(kept)?.replace(/ ms|,/g, ''))).toBe(atMost);
  expect(judge(latency, 'p99Ms', { atLeast: atMost })).toMatchObject({ verdict: 'met' });
  expect(judge(latencyFrom([1_000, micros]), 'maxMs', { atMost })).toMatchObject({ verdict: 'met' });
  expect(verdictOfRuns(Array(5).fill(kept), 5)).toMatchObject({ verdict: 'met' });
});

test('a latency beyond its bound by more than a bucket misses it', () => {
  const latency = latencyFrom([980, 100_000], [20, 100_200]);
  expect(judge(latency, 'p99Ms', { atMost: 100 })).toMatchObject({ verdict: 'not-met' });
  expect(judge(latency, 'p95Ms', { atMost: 99.9 })).toMatchObject({ verdict: 'not-met' });
});

test('the lower edge is that of the bucket which holds a value, over the whole range', () => {
  for (let micros = 1; micros < 2 ** 31; micros = Math.ceil(micros * 1.37)) {
    const upper = latencyFrom([1, micros]).maxMs as number;
    expect(lowerEdgeMs(upper) * 1_000).toBeLessThanOrEqual(micros + 1e-6);
    expect(latencyFrom([1, Math.round(lowerEdgeMs(upper) * 1_000)]).maxMs).toBe(upper);
  }
});

test('what lies in no bucket is compared as it is', () => {
  expect(besideBound('latency.endToEnd.meanMs', 100.01, 100)).toBe(100.01);
  expect(besideBound('throughput.consumed.messagesPerSecond', 100.01, 100)).toBe(100.01);
});

test('no percentile lies above the maximum, though that is in the middle of a bucket', () => {
  for (const micros of [100_001, 2_049, 1_234_567]) {
    const latency = latencyOf(mergeHistograms([histogram(micros, micros, micros)]));
    expect(latency.p9999Ms).toBeLessThanOrEqual(latency.maxMs as number);
    expect(latency.p50Ms).toBeLessThanOrEqual(latency.maxMs as number);
  }
});
