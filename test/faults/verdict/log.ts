import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { cellName, type SeededCell } from '../cells/matrix.ts';
import { type CellVerdict, emptyVerdict } from './verdict.ts';

/** Verdicts line by line in a file, so that a run that takes many sittings can be gone on with. */
export class VerdictLog {
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  clear(): void {
    rmSync(this.file, { force: true });
  }

  /** Those on any of these cells. */
  on(cells: readonly SeededCell[]): CellVerdict[] {
    if (!existsSync(this.file)) return [];
    return readFileSync(this.file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Pick<CellVerdict, 'cell' | 'commit' | 'tries'>)
      .filter(({ cell }) => cells.some((wanted) => isSameCell(wanted, cell)))
      .map((told) => ({ ...emptyVerdict(told.cell, told.tries), ...told }));
  }

  /** Lists of which there is nothing to tell are left out. */
  add(verdict: CellVerdict): void {
    const told = Object.entries(verdict).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
    appendFileSync(this.file, `${JSON.stringify(Object.fromEntries(told))}\n`);
  }
}

export function isSameCell(one: SeededCell, other: SeededCell): boolean {
  return one.seed === other.seed && cellName(one) === cellName(other);
}
