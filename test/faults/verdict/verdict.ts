import { commitName } from '../../support/provenance.ts';
import type { SeededCell } from '../cells/matrix.ts';

/** What one run of a cell showed; every list is empty when all was well. */
export interface CellVerdict {
  cell: SeededCell;
  /** What it ran on, as `commitName` has it. */
  commit: string;
  /** Whether a timestamp shows that the fault landed in its phase. */
  landed: boolean;
  tries: number;
  seconds: number;
  /** Why the fault could not strike, where it could not. */
  missed: string[];
  outcome: string | null;
  /** The experiment's own failure, in its words. */
  failure: string | null;
  stranded: string[];
  doubleWriters: string[];
  wronglyBrokenLocks: string[];
  lostResults: string[];
  /** Moments at which two experiments had brokers or load generators, outside of `needs-operator`. */
  measuredAtOnce: string[];
  /** Anything else that is wrong: an outcome that cannot be, counts that do not add up, a workflow that does not close. */
  other: string[];
}

/** Asked for once: what runs was read at the start, whatever happens to the checkout meanwhile. */
const commit = commitName();

/** A verdict before anything was seen. */
export function emptyVerdict(cell: SeededCell, tries: number): CellVerdict {
  return {
    cell,
    commit,
    landed: false,
    tries,
    seconds: 0,
    missed: [],
    outcome: null,
    failure: null,
    stranded: [],
    doubleWriters: [],
    wronglyBrokenLocks: [],
    lostResults: [],
    measuredAtOnce: [],
    other: [],
  };
}

export function isClean(verdict: CellVerdict): boolean {
  const { landed, stranded, doubleWriters, wronglyBrokenLocks, lostResults, measuredAtOnce, other } = verdict;
  return (
    landed &&
    [stranded, doubleWriters, wronglyBrokenLocks, lostResults, measuredAtOnce, other].every(
      (list) => list.length === 0,
    )
  );
}
