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
