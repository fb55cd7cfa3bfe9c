import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../src/config.ts';
import type { TechnologyId } from '../../../src/technologies/registry.ts';
import { cellName, faults } from '../cells/matrix.ts';
import { type CellVerdict, isClean } from './run-cell.ts';

/** A line of the table: every run of one fault in one phase. */
interface Row {
  fault: string;
  phase: string;
  runs: number;
  notLanded: number;
  stranded: number;
  doubleWriters: number;
  brokenLocks: number;
  lost: number;
  other: number;
}

const count = (verdicts: CellVerdict[], is: (verdict: CellVerdict) => boolean) => verdicts.filter(is).length;

function rowOf(fault: string, phase: string, verdicts: CellVerdict[]): Row {
  return {
    fault,
    phase,
    runs: verdicts.length,
    notLanded: count(verdicts, ({ landed }) => !landed),
    stranded: count(verdicts, ({ stranded }) => stranded.length > 0),
    doubleWriters: count(verdicts, ({ doubleWriters }) => doubleWriters.length > 0),
    brokenLocks: count(verdicts, ({ wronglyBrokenLocks }) => wronglyBrokenLocks.length > 0),
    lost: count(verdicts, ({ lostResults }) => lostResults.length > 0),
    other: count(verdicts, ({ other }) => other.length > 0),
  };
}

/** One row for each cell that was run, in the order of their first runs. */
export function rowsOf(verdicts: CellVerdict[]): Row[] {
  const groups = Map.groupBy(verdicts, ({ cell }) => cellName(cell));
  return [...groups.values()].flatMap((group) => {
    const cell = group[0]?.cell;
    if (!cell) return [];
    return rowOf(cell.fault, cell.phase + suffixOf(cell.technology), group);
  });
}

/** Kafka is what goes without saying. */
function suffixOf(technology: TechnologyId): string {
  return technology === 'kafka' ? '' : ` (${technology})`;
}

const header: [keyof Row, string][] = [
  ['fault', 'fault'],
  ['phase', 'phase'],
  ['runs', 'runs'],
  ['stranded', 'stranded'],
  ['doubleWriters', 'double writers'],
  ['brokenLocks', 'locks wrongly broken'],
  ['lost', 'results lost'],
  ['notLanded', 'not landed'],
  ['other', 'other problems'],
];

/** The table in Markdown, with its sums, and what each fault is. */
export function markdownTable(verdicts: CellVerdict[]): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  const rows = [...rowsOf(verdicts), rowOf('**all**', '', verdicts)];
  const used = new Set(verdicts.map(({ cell }) => cell.fault));
  return [
    line(header.map(([, title]) => title)),
    line(header.map(([key]) => (key === 'fault' || key === 'phase' ? '---' : '---:'))),
    ...rows.map((row) => line(header.map(([key]) => row[key]))),
    '',
    ...[...used].map((fault) => `- \`${fault}\`: ${faults[fault].what}`),
  ].join('\n');
}

/** What was wrong, for whoever has to find out why; empty when nothing was. */
export function problemList(verdicts: CellVerdict[]): string {
  return verdicts
    .filter((verdict) => !isClean(verdict))
    .map((verdict) => {
      const { cell, landed, tries, outcome, ...lists } = verdict;
      const kinds = [
        'missed',
        'stranded',
        'doubleWriters',
        'wronglyBrokenLocks',
        'lostResults',
        'other',
      ] as const;
      const lines = kinds.flatMap((kind) => lists[kind].map((one) => `    ${kind}: ${one}`));
      return [
        `${cellName(cell)}, seed ${cell.seed} (outcome ${outcome}, ${landed ? 'landed' : `not landed in ${tries} tries`})`,
        ...lines.slice(0, 12),
      ].join('\n');
    })
    .join('\n');
}

const markers = ['<!-- fault table -->', '<!-- /fault table -->'] as const;

/** Replaces what stands between the markers; returns false where there are none. */
export function writeIntoReadme(file: string, table: string): boolean {
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [text.indexOf(markers[0]), text.indexOf(markers[1])];
  if (begin < 0 || end < begin) return false;
  writeFileSync(file, `${text.slice(0, begin + markers[0].length)}\n${table}\n${text.slice(end)}`);
  // Or the format check would refuse the table.
  execFileSync(join(projectRoot, 'node_modules', '.bin', 'biome'), ['format', '--write', file]);
  return true;
}
