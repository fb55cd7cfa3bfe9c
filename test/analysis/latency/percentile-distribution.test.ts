import { expect, test } from '@jest/globals';
import { percentileDistribution } from '../../../src/analysis/latency/percentile-distribution.ts';
import { histogram } from '../../support/load-parts.ts';

test('a latency as HdrHistogram writes it, in milliseconds', () => {
  const text = percentileDistribution({ histogram: histogram(1_000, 1_000, 1_000, 2_000) }) ?? '';
  const [head, empty, ...lines] = text.trimEnd().split('\n');
  expect(head?.trim().split(/\s+/)).toEqual(['Value', 'Percentile', 'TotalCount', '1/(1-Percentile)']);
  expect(empty).toBe('');
  const rows = lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim().split(/\s+/).map(Number));
  expect(rows[0]?.slice(0, 3)).toEqual([1, 0, 3]);
  expect(rows.at(-1)?.slice(0, 3)).toEqual([2, 1, 4]);
  expect(lines.filter((line) => line.startsWith('#'))).toEqual([
    expect.stringMatching(/^#\[Mean +=.*1\.250,/),
    expect.stringMatching(/^#\[Max +=.*2\.000, Total count +=.* 4\]$/),
    expect.stringMatching(/^#\[Buckets/),
  ]);
});

test('none where nothing was counted', () => {
  expect(percentileDistribution({ histogram: null })).toBeNull();
});
