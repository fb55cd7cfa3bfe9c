import type { Report, ReportColumn } from '../../contracts/documents/api.ts';
import type { Probe } from '../../contracts/documents/progress.ts';

/** A table of text, however it is drawn. */
export interface TextTable {
  title: string;
  head: string[];
  /** Which columns hold numbers, to be set flush right. */
  numeric: boolean[];
  rows: string[][];
}

/** A variant's name, marked so that an emulated one is never read as the real product. */
export function markedName({ label, emulated, partial, measurement, loadGenerator }: ReportColumn): string {
  const isMoving = measurement?.steady === false;
  const marks = [
    emulated && '(EMULATED)',
    partial && '(partial)',
    isMoving && '(not steady)',
    loadGenerator?.limited && '(limited)',
  ];
  return [label, ...marks].filter(Boolean).join(' ');
}

/** A report whose variants carry their marks in their names, for where these stand by themselves. */
export function withMarkedNames(report: Report): Report {
  return { ...report, columns: report.columns.map((column) => ({ ...column, label: markedName(column) })) };
}

/** Without the evidence against the load generator, which has no end; it is in the result. */
export function shortReason({ reason, limited }: Pick<Probe, 'reason' | 'limited'>): string {
  const [problem = reason] = reason.split('; ');
  return limited ? `${problem} (load generator)` : problem;
}
