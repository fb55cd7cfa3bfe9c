import Table from 'cli-table3';
import { conditionLines } from '../analysis/report/conditions/conditions.ts';
import { harmless } from '../analysis/report/harmless-text.ts';
import { conclusions, reportTables } from '../analysis/report/report-tables.ts';
import type { TextTable } from '../analysis/report/text-table.ts';
import type { Report } from '../contracts/documents/api.ts';

/** Where the output is no terminal, nothing is shortened: programs read it. */
const widthOfOutput = () => (process.stdout.isTTY ? process.stdout.columns || Infinity : Infinity);
const leastColumnWidth = 12;

/** A table for a terminal, without lines between its rows; what is too wide for `width` is shortened. */
export function renderTable(
  { head, numeric, rows }: Omit<TextTable, 'title'>,
  width: number = widthOfOutput(),
): string {
  const cells = [head, ...rows].map((row) => row.map(harmless));
  const table = new Table({
    head: head.map(harmless),
    colAligns: numeric.map((right) => (right ? 'right' : 'left')),
    ...columnWidths(cells, width),
    style: { head: [], border: [], compact: true },
  });
  table.push(...cells.slice(1));
  return table.toString();
}

/** Takes from the widest column, again and again, until the table fits. Nothing where it fits as it is. */
function columnWidths(cells: readonly string[][], width: number) {
  // Two characters of padding a column, and its border.
  const widths = (cells[0] ?? []).map(
    (_, column) => 2 + Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const tooWide = () => widths.reduce((sum, one) => sum + one + 1, 1) > width;
  if (!tooWide()) return {};
  while (tooWide()) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] as number) <= leastColumnWidth) break;
    widths[widest] = (widths[widest] as number) - 1;
  }
  return { colWidths: widths };
}

/** A table under its title. */
export function renderTextTable(table: TextTable): string {
  return `${harmless(table.title)}\n${renderTable(table)}`;
}

/** A report as tables for a terminal. */
export function renderReport(report: Report): string {
  const tables = reportTables(report).map(renderTextTable);
  const compared = conditionLines(report).map((line) => `  ${harmless(line)}`);
  const notes = report.notes.map((note) => `! ${harmless(note)}`);
  return [
    harmless(report.title),
    conclusions(report).map(harmless).join('\n'),
    ...tables,
    compared.join('\n'),
    notes.join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
}
