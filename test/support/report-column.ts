import { singleColumn } from '../../src/analysis/report/columns.ts';
import type { ReportColumn } from '../../src/contracts/documents/api.ts';

/** The column of a completed experiment of that name, of which nothing is known but what is given. */
export function reportColumn(label: string, given: Partial<ReportColumn> = {}): ReportColumn {
  const experiment = {
    id: label,
    name: label,
    technology: 'kafka',
    target: 'local',
    emulated: false,
    outcome: 'completed' as const,
  };
  return { ...singleColumn({ experiment, result: null, failure: null }, label), ...given };
}

/** A run of a column, of which only these metrics are told. */
export function reportRun(
  index: number,
  measured: Record<string, number | null>,
  given: Partial<ReportColumn['runs'][number]> = {},
): ReportColumn['runs'][number] {
  return {
    experimentId: `run-${index + 1}`,
    repetition: index + 1,
    outcome: 'completed',
    partial: false,
    limited: null,
    calibration: null,
    steady: null,
    warmupSeconds: null,
    measured,
    messages: null,
    usdPerMillionMessages: null,
    ...given,
  };
}
