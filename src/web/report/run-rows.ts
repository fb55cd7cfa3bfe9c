import { comparableInReport } from '../../analysis/repetitions/comparable.ts';
import { wholeRuns } from '../../analysis/repetitions/whole-runs.ts';
import { medianOfRuns } from '../../analysis/statistics/run-median.ts';
import type { Report } from '../../contracts/documents/api.ts';
import type { DotRow } from '../charts/dot-row.ts';

/** Fewer runs than this have no interval that says anything. */
export const fewestForInterval = 5;

/** A variant's runs in one metric, with the median of those that were not cut short. */
export function runRow({ label, runs }: Report['columns'][number], index: number, metric: string): DotRow {
  const dots = runs.map(({ measured, partial }) => ({
    value: comparableInReport(measured, metric),
    isCutShort: partial,
  }));
  const whole = wholeRuns(dots.map(({ value, isCutShort }) => ({ value, partial: isCutShort })));
  const told = medianOfRuns(whole.flatMap(({ value }) => value ?? []));
  const hasInterval = told !== null && told.runs >= fewestForInterval;
  return {
    name: label,
    dots,
    median: told?.median ?? null,
    low: hasInterval ? told.low : null,
    high: hasInterval ? told.high : null,
    index,
  };
}
