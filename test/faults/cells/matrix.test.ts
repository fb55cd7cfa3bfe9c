import { describe, expect, test } from '@jest/globals';
import { landedIn } from '../verdict/check-cell.ts';
import { markdownTable, problemList, resultsPage } from '../verdict/report.ts';
import { type CellVerdict, emptyVerdict, isClean } from '../verdict/verdict.ts';
import {
  allCells,
  type Cell,
  cellName,
  faultNames,
  injectionDelayMs,
  type Selection,
  selectCells,
} from './matrix.ts';

const all: Selection = {
  seeds: 0,
  firstSeed: 1,
  faults: [],
  technology: null,
  only: null,
  randomOnly: false,
};

describe('the matrix', () => {
  test('has every fault in at least one phase, and no cell twice', () => {
    const names = allCells().map(cellName);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(allCells().map(({ fault }) => fault))).toEqual(new Set(faultNames));
  });

  test('a run is every applicable cell once, then as many random ones as asked for', () => {
    const cells = selectCells({ ...all, seeds: 7 });
    expect(cells).toHaveLength(allCells().length + 7);
    expect(cells.slice(0, -7).map(cellName)).toEqual(allCells().map(cellName));
  });

  test('a seed reproduces the cell and the delay', () => {
    const [cell] = selectCells({ ...all, seeds: 1, firstSeed: 42, randomOnly: true });
    const [again] = selectCells({ ...all, seeds: 1, firstSeed: 42, randomOnly: true });
    expect(again).toEqual(cell);
    expect(cell && again && injectionDelayMs(again, 1)).toBe(cell && injectionDelayMs(cell, 1));
  });

  test('delays differ between seeds, and shrink with every try', () => {
    const cell = { fault: 'worker-killed', phase: 'provisioning', technology: 'kafka' } as const;
    const delays = Array.from({ length: 50 }, (_, seed) => injectionDelayMs({ ...cell, seed }, 1));
    expect(new Set(delays).size).toBeGreaterThan(40);
    expect(
      Math.max(...Array.from({ length: 50 }, (_, seed) => injectionDelayMs({ ...cell, seed }, 4))),
    ).toBeLessThan(1_001);
  });

  test('a name that is of no cell is an error that lists the right ones', () => {
    expect(() => selectCells({ ...all, faults: ['worker-kiled'] })).toThrow(
      /no such fault: worker-kiled; there are worker-killed/,
    );
    expect(() => selectCells({ ...all, only: 'stale-lock/closed' })).toThrow(/no such cell/);
    const some = 'stale-lock/queued,worker-killed/measuring/nats';
    expect(
      selectCells({ ...all, only: some })
        .map(cellName)
        .sort(),
    ).toEqual(some.split(','));
    expect(() => selectCells({ ...all, only: `${some},stale-lock/closed` })).toThrow(/: stale-lock\/closed;/);
    expect(() => selectCells({ ...all, technology: 'nots' })).toThrow(/there are kafka, kinesis, nats/);
  });

  test('can be of one technology', () => {
    const cells = selectCells({ ...all, technology: 'nats', seeds: 3 });
    expect(new Set(cells.map(({ technology }) => technology))).toEqual(new Set(['nats']));
    expect(cellName(cells[0] as Cell)).toMatch(/\/nats$/);
  });
});

describe('whether a fault landed', () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString();
  const timeline = [
    { phase: 'provisioning' as const, startedAt: at(0), endedAt: at(10) },
    { phase: 'measuring' as const, startedAt: at(10), endedAt: at(13) },
    { phase: 'provisioning' as const, startedAt: at(13), endedAt: null },
  ];

  test.each([
    ['provisioning', 5, true],
    ['provisioning', 11, false],
    ['provisioning', 99, true],
    ['measuring', 12.5, true],
    ['measuring', 13.5, false],
    ['destroying', 5, false],
  ] as const)('in %s, at second %d: %p', (phase, second, landed) => {
    expect(landedIn(phase, Date.parse(at(second)), { timeline })).toBe(landed);
  });
});

describe('the report', () => {
  const clean: CellVerdict = {
    ...emptyVerdict({ fault: 'worker-killed', phase: 'measuring', technology: 'kafka', seed: 1 }, 1),
    commit: 'commit 1234567',
    landed: true,
    seconds: 20,
    outcome: 'completed',
  };
  const run = { provenance: 'today, here', command: 'npm run test:faults' };

  test('counts runs of a cell, not things', () => {
    const bad = { ...clean, stranded: ['streams: a', 'streams: b'] };
    const table = markdownTable([clean, bad]);
    expect(table).toContain('| worker-killed | measuring | 2 | 1 | 0 | 0 | 0 | 0 | 0 | 0 |');
    expect(table).toContain('| **all** |  | 2 | 1 | 0 | 0 | 0 | 0 | 0 | 0 |');
    expect(problemList([clean, bad])).toBe(
      'worker-killed/measuring, seed 1 (outcome completed, landed)\n    stranded: streams: a\n    stranded: streams: b\n    again: npm run test:faults -- --only worker-killed/measuring --seed 1',
    );
  });

  test('the command that repeats a cell selects it, with its seed', () => {
    const [random] = selectCells({ ...all, seeds: 1, randomOnly: true, firstSeed: 200 });
    const again = selectCells({ ...all, only: cellName(random as Cell), firstSeed: 200 });
    expect(again).toEqual([random]);
  });

  test('a page of clean runs says where it comes from and what it proves', () => {
    const page = resultsPage(Array(223).fill(clean), { ...run, asked: 223 });
    expect(page).toContain('today, here; `npm run test:faults`: 223 of 223 runs clean.');
    expect(page).toContain('fewer than 1.3 % of runs like these');
    expect(page).toContain('| **all** |  | 223 | 0 |');
  });

  test('a page with a problem proves nothing, and tells it', () => {
    const page = resultsPage([clean, { ...clean, stranded: ['a stream'] }], { ...run, asked: 2 });
    expect(page).toContain('1 of 2 runs clean.');
    expect(page).toContain('stranded: a stream');
    expect(page).not.toContain('proves');
  });

  test('a page of a run that is not over says how much is left, and of which commit each part is', () => {
    const later = { ...clean, commit: 'commit 89abcde' };
    const page = resultsPage([clean, clean, later], { ...run, asked: 5 });
    expect(page).toContain(
      '3 of 3 runs clean, 2 not run yet (`--resume` goes on). Of these, 2 on commit 1234567, 1 on commit 89abcde.',
    );
  });

  test.each([
    ['landed', false],
    ['stranded', ['a process']],
    ['doubleWriters', ['two']],
    ['wronglyBrokenLocks', ['one']],
    ['lostResults', ['one']],
    ['measuredAtOnce', ['one']],
    ['other', ['one']],
  ])('a run with %s is not clean', (field, value) => {
    expect(isClean(clean)).toBe(true);
    expect(isClean({ ...clean, [field]: value })).toBe(false);
  });
});
