import type { Report } from '../../contracts/documents/api.ts';
import { conditionLines } from './conditions/conditions.ts';
import { evidenceOf } from './conditions/evidence.ts';
import { harmless } from './harmless-text.ts';
import { conclusions, reportTables } from './report-tables.ts';
import type { TextTable } from './text-table.ts';

/**
 * A report as Markdown that also reads well as plain text; ends with a line break.
 * @param apiUrl address of the API that has the logs and the raw histograms; without, nothing links to them
 */
export function reportMarkdown(report: Report, apiUrl: string | null = null): string {
  const parts = [
    `# ${inline(report.title)}`,
    list(conclusions(report)),
    ...reportTables(report).map((table) => `## ${inline(table.title)}\n\n${markdownTable(table)}`),
    comparedSection(report),
    report.notes.length > 0 ? `## Notes\n\n${list(report.notes)}` : '',
    apiUrl === null ? '' : evidenceSection(report, apiUrl),
    `Generated ${report.generatedAt}${report.comparisonId ? ` from comparison ${report.comparisonId}` : ''}. Latencies are in milliseconds; – was not measured.`,
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function comparedSection(report: Report): string {
  const lines = conditionLines(report);
  return lines.length > 0 ? `## What was compared\n\n${list(lines)}` : '';
}

function evidenceSection(report: Report, apiUrl: string): string {
  const lines = evidenceOf(report, apiUrl).map(({ name, experimentId, links }) => {
    const told = links.map((link) => `[${link.name}](${link.url})`).join(', ');
    return `- ${inline(name)} (${inline(experimentId)}): ${told}`;
  });
  return `## Logs and raw histograms\n\nAt ${apiUrl.replace(/\/+$/, '')}, for as long as that comparator runs and keeps them.\n\n${lines.join('\n')}`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${unstructured(inline(line))}`).join('\n');
}

function markdownTable({ head, numeric, rows }: TextTable): string {
  const cells = [head, ...rows].map((row) => row.map(cell));
  const widths = head.map((_, index) => Math.max(3, ...cells.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, index) => pad(text, widths[index] ?? 0, numeric[index] ?? false)).join(' | ')} |`;
  const rule = `|${widths.map((width, index) => (numeric[index] ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  const [first = [], ...others] = cells;
  return [line(first), rule, ...others.map(line)].join('\n');
}

function pad(text: string, width: number, right: boolean): string {
  return right ? text.padStart(width) : text.padEnd(width);
}

/** Names are a user's own words: they must neither break a table nor become markup. */
function cell(text: string): string {
  return inline(text).replaceAll('|', '\\|');
}

/** A line that begins with a name makes no heading, list or rule of it. */
function unstructured(line: string): string {
  return line.replace(/^(?=(?:#{1,6}|[-+=])(?:\s|$))/, '\\').replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}

function inline(text: string): string {
  return harmless(text)
    .replace(/\s+/g, ' ')
    .replace(/[<>`*_[\]\\~]|&(?=#?\w+;)/g, (character) => `\\${character}`);
}
