import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/config.ts';
import type { EncodedHistogram } from '../../src/contracts/documents/load-parts.ts';
import { decodeHistogram } from '../support/histograms.ts';
import { provenanceLine } from '../support/provenance.ts';

/** What a benchmark has to say. */
export interface BenchReport {
  /** What was measured, as a heading. */
  title: string;
  /** How it was measured: a paragraph that ends with a full stop. */
  conditions: string;
  /** Tables and paragraphs; headings among them begin with `## `. */
  sections: string[];
}

/** A Markdown table. */
export function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const perSecond = (rate: number) => Math.round(rate).toLocaleString('en');
export const ratio = (rate: number, peer: number) => (rate / peer).toFixed(2);

/** Whether the benchmark is to measure for a few seconds only, which compares less truly. */
export const quick = process.argv.includes('--quick');

/** The 50th, 99th and 99.9th percentile of a histogram, in ms; a dash for each where there is none. */
export function percentiles(histogram: EncodedHistogram): string[] {
  const decoded = decodeHistogram(histogram);
  return [50, 99, 99.9].map((percentile) =>
    decoded ? (decoded.getValueAtPercentile(percentile) / 1_000).toFixed(2) : '–',
  );
}

/**
 * Prints a report and keeps it as `reports/bench-<name>.md`; with `--write-results` also in RESULTS.md beside this file,
 * in place of what the benchmark said before.
 * @param name the benchmark's file name without `.bench.ts`
 */
export function publish(name: string, { title, conditions, sections }: BenchReport): void {
  const measured = `${provenanceLine()}${quick ? ', quick' : ''}; \`npm run bench -- ${name}\`.`;
  const report = [`# ${title}`, measured, conditions, ...sections, ''].join('\n\n');
  const folder = join(projectRoot, 'reports');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `bench-${name}.md`), report);
  console.log(report);
  if (process.argv.includes('--write-results')) writeResults(name, report);
}

function writeResults(name: string, report: string): void {
  const file = join(projectRoot, 'test', 'bench', 'RESULTS.md');
  writeFileSync(file, withReport(readFileSync(file, 'utf8'), name, report));
  // Or the format check would refuse the tables.
  execFileSync(join(projectRoot, 'node_modules', '.bin', 'biome'), ['format', '--write', file]);
}

/**
 * The page of all results with one benchmark's report in place of its earlier one, or at the end where there was none.
 * Headings go down a level, since the page has a title of its own.
 */
export function withReport(page: string, name: string, report: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const block = `${begin}\n\n${report.trim().replaceAll(/^#/gm, '##')}\n\n${end}`;
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) return `${page.trimEnd()}\n\n${block}\n`;
  return page.slice(0, from) + block + page.slice(to + end.length);
}
