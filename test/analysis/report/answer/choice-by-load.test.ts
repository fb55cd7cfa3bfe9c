import { describe, expect, test } from '@jest/globals';
import { choiceByLoad, loadBands } from '../../../../src/analysis/report/answer/choice-by-load.ts';
import type { ReportColumn } from '../../../../src/contracts/documents/api.ts';
import type { Probe } from '../../../../src/contracts/documents/progress.ts';
import type { LadderRung } from '../../../../src/contracts/documents/result.ts';
import { measurement } from '../../../support/documents.ts';
import { reportColumn } from '../../../support/report-column.ts';

/** A ladder whose rungs at these rates were sustained, or, below 0, were not; some for the load generator alone. */
function ladder(rates: number[], limitedAt: number[] = []): Pick<ReportColumn, 'ladder'> {
  return {
    ladder: rates.map(
      (rate): LadderRung => ({
        messagesPerSecond: Math.abs(rate),
        sustained: rate > 0,
        reason: rate > 0 ? 'sustained' : 'p99 above its bound',
        limited: limitedAt.includes(Math.abs(rate)),
        latency: null,
        throughput: null,
        steady: null,
        steadyReason: null,
      }),
    ),
  };
}

function search(found: number | null, ...failed: { at: number; limited?: boolean }[]) {
  const probes = failed.map(
    ({ at, limited = false }): Probe => ({
      messagesPerSecond: at,
      seconds: 5,
      sustained: false,
      hold: false,
      reason: 'what waits grew',
      producedMessagesPerSecond: null,
      consumedMessagesPerSecond: null,
      backlogGrowthPerSecond: null,
      endToEndP99Ms: null,
      limited,
    }),
  );
  return { capacity: { sustainableMessagesPerSecond: found, probes } };
}

type Bands = [upTo: number, columns: number[]][];

describe('up to which load which variants were seen to carry it', () => {
  test.each<[string, ReportColumn[], Bands]>([
    [
      'ladders: each drops out beyond its last rung before one that failed',
      [reportColumn('a', ladder([1_000, 5_000, -20_000])), reportColumn('b', ladder([1_000, 5_000, 20_000]))],
      [
        [5_000, [0, 1]],
        [20_000, [1]],
      ],
    ],
    [
      'searches',
      [reportColumn('a', search(10_000, { at: 11_000 })), reportColumn('b', search(40_000, { at: 42_000 }))],
      [
        [10_000, [0, 1]],
        [40_000, [1]],
      ],
    ],
    [
      'limits as near as two searches of one variant say nothing',
      [reportColumn('a', search(10_000, { at: 10_500 })), reportColumn('b', search(10_600, { at: 11_000 }))],
      [],
    ],
    [
      'what the load generator could not carry is no limit of the product',
      [reportColumn('a', search(10_000, { at: 11_000, limited: true })), reportColumn('b', search(40_000))],
      [],
    ],
    [
      'nor is it on a ladder, whichever rung was kept',
      [reportColumn('a', ladder([1_000, -5_000], [5_000])), reportColumn('b', ladder([1_000, 5_000]))],
      [],
    ],
    [
      'nobody is said to carry what it was not seen to carry',
      [
        reportColumn('a', search(10_000, { at: 11_000, limited: true })),
        reportColumn('b', search(20_000, { at: 21_000 })),
        reportColumn('c', search(40_000, { at: 42_000 })),
      ],
      [
        [10_000, [0, 1, 2]],
        [20_000, [1, 2]],
        [40_000, [2]],
      ],
    ],
    [
      'of a ladder by shares what its search found counts too',
      [
        reportColumn('a', { ...search(10_000, { at: 10_500 }), ...ladder([1_000, 9_000]) }),
        reportColumn('b', { ...search(40_000, { at: 42_000 }), ...ladder([4_000, 36_000]) }),
      ],
      [
        [10_000, [0, 1]],
        [40_000, [1]],
      ],
    ],
    [
      'a rung that failed below what a search found shows that it was too much',
      [
        reportColumn('a', { ...search(10_000, { at: 10_500 }), ...ladder([5_000, -9_000]) }),
        reportColumn('b', { ...search(40_000, { at: 42_000 }), ...ladder([20_000, 36_000]) }),
      ],
      [
        [5_000, [0, 1]],
        [40_000, [1]],
      ],
    ],
    [
      'a rung above one that failed is chance',
      [reportColumn('a', ladder([1_000, -5_000, 20_000])), reportColumn('b', ladder([1_000, 5_000, 20_000]))],
      [
        [1_000, [0, 1]],
        [20_000, [1]],
      ],
    ],
    [
      'an emulator and a run that was cut short say nothing',
      [
        reportColumn('a', { ...ladder([1_000, -5_000]), emulated: true }),
        reportColumn('b', { ...ladder([1_000, -5_000]), partial: true }),
        reportColumn('c', ladder([1_000, 5_000])),
      ],
      [],
    ],
    ['loads of one rate say nothing', [reportColumn('a', {}), reportColumn('b', {})], []],
    ['nor does one search', [reportColumn('a', search(10_000, { at: 11_000 })), reportColumn('b', {})], []],
    [
      'one that carried nothing is left from the start',
      [
        reportColumn('a', search(null, { at: 1_000 })),
        reportColumn('b', search(10_000, { at: 11_000 })),
        reportColumn('c', search(20_000, { at: 21_000 })),
      ],
      [
        [10_000, [1, 2]],
        [20_000, [2]],
      ],
    ],
  ])('%s', (_, columns, bands) => {
    expect(
      loadBands(columns).map(({ upToMessagesPerSecond, columns: left }) => [upToMessagesPerSecond, left]),
    ).toEqual(bands);
  });

  test('in words, with what is not known', () => {
    const columns = [
      reportColumn('slow', ladder([1_000, -5_000])),
      reportColumn('quick', ladder([1_000, 5_000, -20_000], [20_000])),
      reportColumn('quickest', ladder([1_000, 5_000, 20_000, -50_000])),
    ];
    expect(choiceByLoad(columns)).toBe(
      'By load, within the requirements: up to 1,000 messages/s slow, quick and quickest; up to 5,000 messages/s quick and quickest; up to 20,000 messages/s only quickest. Not known is quick beyond 5,000 messages/s: nothing shows its own limit.',
    );
    expect(choiceByLoad(columns.slice(0, 1))).toBeNull();
    const silent = [
      reportColumn('gone', { ...search(70_000), partial: true }),
      reportColumn('like it', { ...search(70_000), emulated: true }),
      reportColumn('failed'),
      reportColumn('constant', { measurement: measurement() }),
    ];
    expect(choiceByLoad([...columns, ...silent])).toMatch(
      /Nothing is said of gone \(cut short\), like it \(emulated\), failed \(not measured\) and constant \(tried no rates\)\.$/,
    );
  });
});
