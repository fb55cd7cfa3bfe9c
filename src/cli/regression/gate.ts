import { flawIn } from '../../analysis/repetitions/flaws.ts';
import { canTell, leastToTell } from '../../analysis/statistics/two-samples.ts';
import type { Report, ReportColumn } from '../../contracts/documents/api.ts';
import type { LoadedSpec } from '../spec-file/load-file.ts';

/** What follows from speed as much as anything. */
const speed = 'latency.endToEnd.p99Ms';

/** More repetitions no comparison has. */
const mostRepetitions = 100;

/**
 * Why a change of speed cannot be told from chance, or be the product's, whatever will be measured; a sentence each, with what
 * would do. Empty where it can be. That messages are lost is told in any case.
 */
export function blindSpots(before: Report, { kind, spec }: Pick<LoadedSpec, 'kind' | 'spec'>): string[] {
  const repetitions = kind === 'comparison' && 'repetitions' in spec ? spec.repetitions : 1;
  const names = 'variants' in spec ? spec.variants.map(({ name }) => name) : [spec.name];
  const columns = before.columns.filter(({ name }) => names.includes(name));
  const blind = columns.filter((column) => !canTell(wholeRunCount(column), repetitions));
  const flawed = columns.flatMap((column) => {
    const flaw = flawIn(column, speed);
    return flaw ? [{ column, flaw }] : [];
  });
  return [
    ...(columns.length === 0 ? ['the earlier report has none of its variants'] : []),
    ...[...Map.groupBy(blind, wholeRunCount)].map(
      ([runs, alike]) =>
        `of ${labels(alike)} ${runsInWords(runs)} would be compared with ${repetitions}, which tells nothing from chance: ${remedy(runs, kind)}`,
    ),
    ...[...Map.groupBy(flawed, ({ flaw }) => flaw)].map(
      ([flaw, alike]) =>
        `the speed of ${labels(alike.map(({ column }) => column))} then says nothing, for ${flaw}`,
    ),
  ];
}

function wholeRunCount({ runs }: ReportColumn): number {
  return runs.filter(
    ({ partial, measured }) => !partial && Object.values(measured).some((value) => value !== null),
  ).length;
}

function remedy(runs: number, kind: LoadedSpec['kind']): string {
  const needed = leastToTell(runs, mostRepetitions);
  const enough = `${leastOfBoth()} of both would do`;
  if (kind === 'experiment') return `an experiment runs once; as a comparison with repetitions, ${enough}`;
  return needed === null ? enough : `${needed} repetitions would do, or ${enough}`;
}

function leastOfBoth(): number {
  let runs = 1;
  while (!canTell(runs, runs)) runs++;
  return runs;
}

function runsInWords(runs: number): string {
  return runs === 1 ? '1 earlier run' : `${runs} earlier runs`;
}

function labels(columns: readonly ReportColumn[]): string {
  return columns.map(({ label }) => label).join(', ');
}
