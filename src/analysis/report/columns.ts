import type { ExperimentSummary, ReportColumn } from '../../contracts/documents/api.ts';
import type { Failure, Outcome } from '../../contracts/documents/progress.ts';
import type { Result, Verdict } from '../../contracts/documents/result.ts';
import { costOfRuns } from '../cost/cost-of-runs.ts';
import { toldLadder, toldMeasurement } from '../latency/told.ts';
import { productOfRuns } from '../product-use.ts';
import { capacityOfRuns } from '../rates/capacity.ts';
import { ladderOfRuns } from '../rates/ladder.ts';
import { mergeRefusals } from '../refusals.ts';
import { comparableValue } from '../repetitions/comparable.ts';
import { measurementOfRuns } from '../repetitions/measurement-of-runs.ts';
import { verdictOfRuns } from '../repetitions/verdict-of-runs.ts';
import { wholeRuns } from '../repetitions/whole-runs.ts';
import { finiteOrNull } from '../statistics/finite-or-null.ts';
import { overallVerdict } from '../verdicts.ts';
import { conditionsOf } from './conditions/conditions.ts';

/** One experiment of a report, and what is known of it. */
export interface ReportEntry {
  experiment: Pick<ExperimentSummary, 'id' | 'name' | 'technology' | 'target' | 'emulated' | 'outcome'>;
  /** null where none was written, or none yet. */
  result: Result | null;
  failure: Failure | null;
  /** Which run of which variant of a comparison it is; left out for one that stands by itself. */
  run?: { variant: number; name: string; repetition: number };
}

/** What becomes one column of a report: one experiment, or the runs of a variant. */
export interface ReportVariant {
  label: string;
  runs: ReportEntry[];
}

/** Enough of an id to be told from the few others of a report. */
const labelIdLength = 6;

/** The columns of a report, each with its runs in their order. */
export function variantsOf(entries: readonly ReportEntry[]): ReportVariant[] {
  const groups = Map.groupBy(entries, ({ run }, index) => run?.variant ?? `alone ${index}`);
  const ordered = [...groups.values()].map((runs) =>
    runs.toSorted((a, b) => (a.run?.repetition ?? 1) - (b.run?.repetition ?? 1)),
  );
  const firsts = ordered.map(([first]) => first as ReportEntry);
  return ordered.map((runs, index) => ({ label: labelOf(firsts[index] as ReportEntry, firsts), runs }));
}

/** Runs of one file have one name: the ends of their ids tell them apart. */
function labelOf(entry: ReportEntry, all: readonly ReportEntry[]): string {
  const { id } = entry.experiment;
  const name = nameOf(entry);
  const others = all.filter((one) => nameOf(one) === name && one.experiment.id !== id);
  if (others.length === 0) return name;
  const tail = id.slice(-labelIdLength);
  const isClear = others.every(({ experiment }) => !experiment.id.endsWith(tail));
  return `${name} (${isClear ? `…${tail}` : id})`;
}

const nameOf = ({ run, experiment }: ReportEntry) => run?.name ?? experiment.name;

/**
 * The column of a variant. Of several runs, counts are sums, and all else is the median of the runs.
 * @param metrics paths of which every run's value is told
 */
export function columnOf({ label, runs }: ReportVariant, metrics: readonly string[]): ReportColumn {
  const primary = runs.find(({ result }) => result?.measurement) ?? (runs[0] as ReportEntry);
  const column = singleColumn(primary, label);
  const told = runs.map((run) => runOf(run, metrics));
  if (runs.length === 1) return { ...column, runs: told };
  const results = runs.flatMap(({ result }) => result ?? []);
  const whole = wholeRuns(results);
  const verdicts = verdictsOf(results, runs.length);
  return {
    ...column,
    name: primary.run?.name ?? column.name,
    experimentId: primary.experiment.id,
    partial: results.length > 0 && results.every(({ partial }) => partial),
    outcome: outcomeOf(runs.map(({ experiment }) => experiment.outcome)),
    measurement: measurementOfRuns(whole.flatMap(({ measurement }) => measurement ?? [])),
    loadGenerator:
      results.find(({ loadGenerator }) => loadGenerator?.limited)?.loadGenerator ?? column.loadGenerator,
    capacity: capacityOfRuns(results),
    ladder: toldLadder(ladderOfRuns(whole.map(({ ladder }) => ladder))),
    refusals: mergeRefusals(whole.map(({ refusals }) => refusals)),
    product: productOfRuns(whole),
    cost: costOfRuns(whole),
    verdicts,
    meetsRequirements: overallVerdict(verdicts),
    failure: runs.find(({ failure }) => failure)?.failure ?? column.failure,
    runs: told,
  };
}

/** The column of one experiment. */
export function singleColumn({ experiment, result, failure }: ReportEntry, label: string): ReportColumn {
  return {
    experimentId: experiment.id,
    name: experiment.name,
    label,
    technology: experiment.technology,
    target: experiment.target,
    emulated: experiment.emulated || result?.emulated === true,
    partial: result?.partial ?? false,
    outcome: experiment.outcome,
    ...conditionsOf(result),
    guarantee: result?.guarantee ?? null,
    measurement: toldMeasurement(result?.measurement ?? null),
    loadGenerator: result?.loadGenerator ?? null,
    ceiling: result?.ceiling ?? null,
    capacity: result?.capacity ?? null,
    ladder: toldLadder(result?.ladder ?? null),
    refusals: result?.refusals ?? [],
    product: result?.product ?? null,
    cost: result?.cost ?? null,
    verdicts: result?.verdicts ?? [],
    meetsRequirements: overallVerdict(result?.verdicts ?? []),
    failure: failure ?? result?.failure ?? null,
    runs: [],
  };
}

function runOf(
  { experiment, result, run }: ReportEntry,
  metrics: readonly string[],
): ReportColumn['runs'][number] {
  const measurement = result?.measurement ?? null;
  return {
    experimentId: experiment.id,
    repetition: run?.repetition ?? 1,
    outcome: experiment.outcome,
    partial: result?.partial ?? false,
    limited: result?.loadGenerator?.limited ?? null,
    calibration: result?.environment.host?.calibration ?? null,
    steady: measurement?.steady ?? null,
    warmupSeconds: result?.warmup?.seconds ?? null,
    measured: Object.fromEntries(
      metrics.map((metric) => [metric, finiteOrNull(comparableValue(measurement, metric))]),
    ),
    messages: measurement?.messages ?? null,
    usdPerMillionMessages: result?.cost?.usdPerMillionMessages ?? null,
  };
}

/** One a requirement, in their order; all runs of a variant have the same. */
function verdictsOf(results: readonly Result[], runs: number): Verdict[] {
  const whole = wholeRuns(results);
  return (results[0]?.verdicts ?? []).map((_, index) =>
    verdictOfRuns(
      results.flatMap(({ verdicts }) => verdicts[index] ?? []),
      runs,
      new Set(whole.flatMap(({ verdicts }) => verdicts[index] ?? [])),
    ),
  );
}

/** null while one goes on; what went wrong before what did not. */
function outcomeOf(outcomes: readonly (Outcome | null)[]): Outcome | null {
  if (outcomes.includes(null)) return null;
  return (['failed', 'cancelled'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'completed';
}
