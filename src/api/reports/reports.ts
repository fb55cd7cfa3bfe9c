import type { ReportEntry } from '../../analysis/report/columns.ts';
import { buildReport } from '../../analysis/report/report.ts';
import type { ComparisonDetail, Report } from '../../contracts/documents/api.ts';
import { failureCodes } from '../../contracts/documents/failure-codes.ts';
import type { Failure } from '../../contracts/documents/progress.ts';
import { isEmulated } from '../../technologies/registry.ts';
import type { RouteContext } from '../context.ts';
import { HttpProblem } from '../http/problems.ts';

type Sources = Pick<RouteContext, 'experiments' | 'now'>;

/** The report of a comparison; of one that still runs, what there is so far. */
export async function reportOfComparison(sources: Sources, comparison: ComparisonDetail): Promise<Report> {
  const entries = comparison.variants.map(async (variant, index): Promise<ReportEntry> => {
    const known = await entryOf(sources, variant.experimentId);
    const number = variant.variant ?? index;
    const run = { variant: number, name: variant.name, repetition: variant.repetition };
    if (known) return { ...known, run };
    const spec = comparison.spec?.variants[number];
    return {
      run,
      experiment: {
        id: variant.experimentId,
        name: variant.name,
        technology: spec?.technology ?? 'unknown',
        target: spec?.target ?? 'unknown',
        emulated: spec ? isEmulated(spec.technology, spec.target) : false,
        // A variant that never began shares the fate of its comparison.
        outcome: comparison.outcome === 'completed' ? null : comparison.outcome,
      },
      result: null,
      failure: null,
    };
  });
  return buildReport({
    title: comparison.name,
    comparisonId: comparison.id,
    input: comparison.spec && { kind: 'comparison', document: comparison.spec },
    generatedAt: sources.now(),
    entries: (await Promise.all(entries)).toSorted((a, b) => (a.run?.variant ?? 0) - (b.run?.variant ?? 0)),
  });
}

/**
 * The report of any finished experiments, in the order given.
 * @throws HttpProblem 404 for an unknown one, 409 for one that has not finished
 */
export async function reportOfExperiments(sources: Sources, ids: readonly string[]): Promise<Report> {
  const entries = await Promise.all(
    ids.map(async (id) => {
      const entry = await entryOf(sources, id);
      if (!entry) throw new HttpProblem(404, `There is no experiment ${JSON.stringify(id.slice(0, 100))}.`);
      if (entry.experiment.outcome === null) {
        throw new HttpProblem(
          409,
          `Experiment ${id} has not finished; its report can be had once it is closed.`,
        );
      }
      return entry;
    }),
  );
  const [first] = entries;
  const spec = entries.length === 1 ? first?.result?.spec : null;
  return buildReport({
    title: null,
    comparisonId: null,
    input: spec ? { kind: 'experiment', document: spec } : null,
    generatedAt: sources.now(),
    entries,
  });
}

async function entryOf({ experiments }: Sources, id: string): Promise<ReportEntry | null> {
  const experiment = await experiments.detail(id);
  if (!experiment) return null;
  const { failure, timeline } = experiment;
  // What is or was kept has been measured, and nothing changes what that came to.
  const isMeasured = timeline.some(({ phase }) => phase === 'kept');
  const outcome = experiment.outcome ?? (isMeasured ? (failure ? 'failed' : 'completed') : null);
  const shown = { ...experiment, outcome };
  try {
    return { experiment: shown, result: await experiments.resultOf(experiment), failure };
  } catch (error) {
    if (!(error instanceof HttpProblem)) throw error;
    // One that cannot be read keeps the others from no report.
    return { experiment: shown, result: null, failure: failure ?? unreadableResult(error.message) };
  }
}

function unreadableResult(message: string): Failure {
  return { code: failureCodes.internalError, phase: 'closed', message, diagnostics: [] };
}
