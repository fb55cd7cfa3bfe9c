import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../src/config.ts';

/** A Markdown table. */
export function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const perSecond = (rate: number) => Math.round(rate).toLocaleString('en');
export const ratio = (rate: number, peer: number) => (rate / peer).toFixed(2);

/** When and where a benchmark ran. */
export function whenAndWhere(): string {
  return `${new Date().toISOString()}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.versions.node}`;
}

/** Prints a report and keeps it as `reports/bench-<name>.md`. */
export function publish(name: string, sections: string[]): void {
  const report = [...sections, ''].join('\n\n');
  const folder = join(projectRoot, 'reports');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `bench-${name}.md`), report);
  console.log(report);
}
