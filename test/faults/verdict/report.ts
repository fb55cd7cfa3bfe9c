import type { TechnologyId } from '../../../src/technologies/registry.ts';
import { cellName, faults } from '../cells/matrix.ts';
import { type CellVerdict, isClean } from './verdict.ts';

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
  atOnce: number;
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
    atOnce: count(verdicts, ({ measuredAtOnce }) => measuredAtOnce.length > 0),
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
  ['atOnce', 'measured at once'],
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
        'measuredAtOnce',
        'other',
      ] as const;
      const lines = kinds.flatMap((kind) => lists[kind].map((one) => `    ${kind}: ${one}`));
      return [
        `${cellName(cell)}, seed ${cell.seed} (outcome ${outcome}, ${landed ? 'landed' : `not landed in ${tries} tries`})`,
        ...lines.slice(0, 12),
        `    again: npm run test:faults -- --only ${cellName(cell)} --seed ${cell.seed}`,
      ].join('\n');
    })
    .join('\n');
}

/**
 * The page test/faults/RESULTS.md: the table of a run, where it comes from, and what it proves. A run may take many
 * sittings, on code that goes on changing.
 * @param run `provenance` says when, of what and where; `asked` is how many runs there are to be
 */
export function resultsPage(
  verdicts: CellVerdict[],
  run: { provenance: string; command: string; asked: number },
): string {
  const clean = count(verdicts, isClean);
  const problems = problemList(verdicts);
  return [
    '# Faults',
    '`npm run test:faults` kills, freezes and starves every part in every phase where that applies, and looks from outside for what was stranded: processes on the machine, streams and locks in the emulator, the result document.',
    `${run.provenance}; \`${run.command}\`: ${clean} of ${verdicts.length} runs clean${runsLeft(run.asked - verdicts.length)}.${commitsOf(verdicts)}`,
    ...(clean === verdicts.length ? [whatItProves(verdicts.length)] : []),
    markdownTable(verdicts),
    ...(problems ? [`\`\`\`\n${problems}\n\`\`\``] : []),
    '',
  ].join('\n\n');
}

function runsLeft(left: number): string {
  return left > 0 ? `, ${left} not run yet (\`--resume\` goes on)` : '';
}

/** How many runs each commit had, where there are several. */
function commitsOf(verdicts: CellVerdict[]): string {
  const runs = [...Map.groupBy(verdicts, ({ commit }) => commit)].map(
    ([commit, of]) => `${of.length} on ${commit}`,
  );
  return runs.length > 1 ? ` Of these, ${runs.join(', ')}.` : '';
}

/** Nothing seen in n runs bounds how often it happens: p with (1 − p)ⁿ = 5 %. */
function whatItProves(runs: number): string {
  const percent = 100 * (1 - 0.05 ** (1 / runs));
  return `What 0 of ${runs} proves: with 95 % confidence, fewer than ${percent.toFixed(1)} % of runs like these, mixed as they were, go wrong (1 − 0.05^(1/${runs}), about 3/${runs}). Of a single line of the table, with its few runs, it proves far less.`;
}
