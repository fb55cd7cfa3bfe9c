import { expect, test } from '@jest/globals';
import { buildReport } from '../../../../src/analysis/report/report.ts';
import { conclusions } from '../../../../src/analysis/report/report-tables.ts';
import type { Calibration } from '../../../../src/contracts/documents/load-parts.ts';
import { result } from '../../../support/documents.ts';

const usual: Calibration = {
  loopMillionsPerSecond: 600,
  hashMegabytesPerSecond: 1_700,
  copyMegabytesPerSecond: 8_000,
  fsyncP50Ms: 1,
};

/** The caveats of a report of runs, each of a variant, with the speeds of its machine. */
function caveats(...runs: [variant: string, repetition: number, calibration: Partial<Calibration> | null][]) {
  const variants = [...new Set(runs.map(([name]) => name))];
  const report = buildReport({
    title: 'x',
    comparisonId: null,
    generatedAt: new Date('2026-11-27'),
    entries: runs.map(([name, repetition, given]) => ({
      run: { variant: variants.indexOf(name), name, repetition },
      experiment: {
        id: `${name}-${repetition}`,
        name,
        technology: 'kafka',
        target: 'local',
        emulated: false,
        outcome: 'completed',
      },
      result: result({
        environment: {
          ...result().environment,
          host: {
            cpuModel: 'a processor',
            cpuCount: 2,
            memoryBytes: 1e9,
            kernel: 'linux',
            calibration: given && { ...usual, ...given },
          },
        },
      }),
      failure: null,
    })),
  });
  expect(conclusions(report)).toEqual(expect.arrayContaining(report.caveats));
  return report.caveats;
}

test('a machine that was a fifth slower is told, by what it was slower in', () => {
  const slow = { loopMillionsPerSecond: 480, hashMegabytesPerSecond: 1_360 };
  expect(caveats(['A', 1, {}], ['B', 1, slow])).toEqual([
    'The machine was not as fast in computing for all, and the numbers may differ for that alone: it was 20% slower when B was measured than when A was.',
  ]);
  expect(caveats(['A', 1, { copyMegabytesPerSecond: 3_000 }], ['B', 1, {}])).toEqual([
    expect.stringMatching(
      /not as fast in copying memory .* 63% slower when A was measured than when B was\.$/,
    ),
  ]);
});

test('so are repetitions, one by one', () => {
  const slow = { loopMillionsPerSecond: 300, hashMegabytesPerSecond: 850 };
  expect(caveats(['A', 1, {}], ['A', 2, slow], ['A', 3, {}])).toEqual([
    expect.stringContaining('50% slower when A (run 2) was measured than when A (run 1) was'),
  ]);
});

test('nothing is said of what differs from calibration to calibration, nor of a disk', () => {
  const little = { loopMillionsPerSecond: 540, hashMegabytesPerSecond: 1_550, copyMegabytesPerSecond: 5_000 };
  expect(caveats(['A', 1, {}], ['B', 1, { ...little, fsyncP50Ms: 9 }])).toEqual([]);
});

test('nor where a release before did not try', () => {
  expect(caveats(['A', 1, {}], ['B', 1, null])).toEqual([]);
  expect(caveats(['A', 1, null])).toEqual([]);
});
