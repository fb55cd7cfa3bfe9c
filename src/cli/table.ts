import Table from 'cli-table3';
import { harmless } from '../analysis/harmless-text.ts';
import { conclusions, reportTables, type TextTable } from '../analysis/report-tables.ts';
import type { Report } from '../contracts/documents/api.ts';

/** A table for a terminal, without lines between its rows. */
export function renderTable({ head, numeric, rows }: Omit<TextTable, 'title'>): string {
  const table = new Table({
    head: head.map(harmless),
    colAligns: numeric.map((right) => (right ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => row.map(harmless)));
  return table.toString();
}

/** A report as tables for a terminal. */
export function renderReport(report: Report): string {
  const tables = reportTables(report).map((table) => `${table.title}\n${renderTable(table)}`);
  const notes = report.notes.map((note) => `! ${harmless(note)}`);
  return [harmless(report.title), conclusions(report).map(harmless).join('\n'), ...tables, notes.join('\n')]
    .filter(Boolean)
    .join('\n\n');
}
