import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { VerdictLog } from './log.ts';
import { type CellVerdict, emptyVerdict } from './verdict.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verdicts-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('verdicts are read as they were kept, of the cells that are asked for', () => {
  const log = new VerdictLog(join(folder, 'verdicts.jsonl'));
  const cell = { fault: 'worker-killed', phase: 'measuring', technology: 'kafka', seed: 1 } as const;
  expect(log.on([cell])).toEqual([]);
  const clean: CellVerdict = { ...emptyVerdict(cell, 1), commit: 'commit 1234567', landed: true };
  const bad = { ...clean, cell: { ...cell, seed: 2 }, stranded: ['a stream'] };
  for (const verdict of [clean, bad]) log.add(verdict);
  expect(log.on([bad.cell])).toEqual([bad]);
  expect(log.on([cell, bad.cell, { ...cell, seed: 3 }])).toEqual([clean, bad]);
  log.clear();
  expect(log.on([cell])).toEqual([]);
});
