import type { z } from 'zod';
import {
  cloudFaultsOfComparison,
  cloudFaultsOfExperiment,
  type KnownCloud,
} from '../../src/analysis/plan/cloud.ts';
import type { ComparisonRecord, ExperimentRecord } from '../../src/contracts/documents/api.ts';
import {
  unknownComparisonProgress,
  unknownExperimentProgress,
} from '../../src/contracts/documents/progress.ts';
import { comparisonSchema } from '../../src/contracts/input/comparison.ts';
import { type ExperimentSpec, experimentSchema } from '../../src/contracts/input/experiment.ts';
import { gridOf } from '../../src/contracts/input/grid/grid.ts';
import { newIdSchema } from '../../src/contracts/input/ids.ts';
import { type FieldError, fieldErrors } from '../../src/contracts/input/problem.ts';
import type { ControlActivities } from '../../src/contracts/temporal/control-activities.ts';
import { unwrapInput } from '../../src/contracts/temporal/workflows.ts';
import { nullIfUnreadable, type Records, UnreadableRecordError } from '../../src/storage/records.ts';
import type { PriceBook } from '../../src/technologies/prices.ts';
import { isEmulated, listPrices } from '../../src/technologies/registry.ts';
import { InvalidInputError } from '../../src/temporal/activity-error.ts';
import { currentRunId } from '../../src/temporal/current-run.ts';

/** Activities that take experiments and comparisons in, and keep their records. */
export function createRecordActivities({
  records,
  home = null,
  cloud = null,
  prices = listPrices,
}: {
  records: Omit<Records, 'experimentIndex' | 'comparisonIndex'>;
  /** The home that works on what is accepted; null where there are no queues of homes. */
  home?: string | null;
  /** What experiments may use of AWS; null where nobody looks. */
  cloud?: KnownCloud | null;
  prices?: PriceBook;
}): Pick<
  ControlActivities,
  | 'acceptExperiment'
  | 'whichHome'
  | 'recordExperiment'
  | 'acceptComparison'
  | 'recordComparison'
  | 'recordVariants'
> {
  return {
    async acceptExperiment({ experimentId, input, submittedAt }) {
      checkId(experimentId);
      const { spec, comparisonId, submittedBy } = unwrapInput(input);
      const accepted = inRegion(parse<ExperimentSpec>(experimentSchema, spec, 'experiment'), cloud);
      if (cloud) assertNoFaults(cloudFaultsOfExperiment(accepted, cloud, prices), 'experiment');
      const emulated = isEmulated(accepted.technology, accepted.target);
      const runId = currentRunId();
      const record: ExperimentRecord = {
        ...unknownExperimentProgress,
        id: experimentId,
        runId,
        name: accepted.name,
        technology: accepted.technology,
        target: accepted.target,
        emulated,
        comparisonId,
        submittedAt,
        submittedBy,
        spec: accepted,
        hasResult: false,
        timeline: [{ phase: 'queued', startedAt: submittedAt, endedAt: null }],
      };
      // Nearly all are new, and thousands may come at once: only another's record is read.
      if (!(await records.addExperiment(record))) {
        assertSameSubject(await earlier(records, experimentId), accepted);
        await records.saveExperiment(record);
      }
      return {
        spec: accepted,
        comparisonId,
        submittedBy,
        emulated,
        runId,
        ...(home === null ? {} : { home }),
      };
    },

    whichHome: async () => ({ home }),

    async recordExperiment(record) {
      await records.saveExperiment({ ...record, runId: currentRunId() });
    },

    async acceptComparison({ comparisonId, input, submittedAt }) {
      checkId(comparisonId);
      const { submittedBy, ...given } = unwrapInput(input);
      const spec = parse(comparisonSchema, given.spec, 'comparison');
      if (cloud) assertNoFaults(cloudFaultsOfComparison(spec, cloud, prices), 'comparison');
      const runs = gridOf(spec, comparisonId);
      for (const { experimentId } of runs) checkId(experimentId);
      const runId = currentRunId();
      const record: ComparisonRecord = {
        ...unknownComparisonProgress,
        id: comparisonId,
        runId,
        name: spec.name,
        submittedAt,
        submittedBy,
        startedAt: submittedAt,
        variants: runs.map((run) => ({ ...run, state: 'waiting' })),
        spec,
      };
      await assertNoExperiment(records, comparisonId);
      if (!(await records.addComparison(record))) await records.saveComparison(record);
      return { spec, runId, runs, submittedBy };
    },

    async recordComparison(record) {
      await records.saveComparison({ ...record, runId: currentRunId() });
    },

    async recordVariants({ comparisonId, states }) {
      const record = await records.readComparison(comparisonId).catch(nullIfUnreadable);
      // The whole is written as it closes.
      if (!record) return;
      const variants = record.variants.map((one) => ({
        ...one,
        state: states[one.experimentId] ?? one.state,
      }));
      await records.saveComparison({ ...record, variants, runId: currentRunId() });
    },
  };
}

/** Written down, so that what it makes is looked for where it is, whatever the settings say by then. */
function inRegion(spec: ExperimentSpec, cloud: KnownCloud | null): ExperimentSpec {
  if (spec.target !== 'aws' || cloud === null) return spec;
  return { ...spec, region: spec.region ?? cloud.region };
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refusalOf(fieldErrors(parsed.error), what);
}

function refusalOf(errors: FieldError[], what: string): InvalidInputError {
  const lines = errors.map(({ pointer, detail }) => `${pointer || '(the whole document)'}: ${detail}`);
  return new InvalidInputError(`This is not a valid ${what}. ${lines.join('; ')}`, errors);
}

/** What the API refuses is refused as well where it was started without. */
function assertNoFaults(faults: FieldError[], what: string): void {
  if (faults.length > 0) throw refusalOf(faults, what);
}

/** @throws InvalidInputError where it can never be read: of what technology that one was, nobody would know any more */
async function earlier(
  records: Pick<Records, 'readExperiment'>,
  id: string,
): Promise<ExperimentRecord | null> {
  try {
    return await records.readExperiment(id);
  } catch (error) {
    if (!(error instanceof UnreadableRecordError)) throw error;
    throw new InvalidInputError(
      `The id ${id} has a record already, and ${error.message}. Start it again with another id.`,
    );
  }
}

/** What an earlier life of the id left is found by its technology and target; another's would never be seen again. */
function assertSameSubject(earlier: ExperimentRecord | null, { technology, target }: ExperimentSpec): void {
  if (!earlier || (earlier.technology === technology && earlier.target === target)) return;
  throw new InvalidInputError(
    `The id ${earlier.id} is that of an experiment with ${earlier.technology} on ${earlier.target}. ` +
      `Start ${technology} on ${target} again with another id.`,
  );
}

/** What an experiment of that id has left would be looked for under a comparison. */
async function assertNoExperiment(records: Pick<Records, 'readExperiment'>, id: string): Promise<void> {
  if (!(await earlier(records, id))) return;
  throw new InvalidInputError(`The id ${id} is that of an experiment. Start the comparison with another id.`);
}

function checkId(id: string): void {
  const parsed = newIdSchema.safeParse(id);
  if (!parsed.success) {
    throw new InvalidInputError(
      `The workflow id ${JSON.stringify(id)} ${parsed.error.issues[0]?.message}. Start it again with another id.`,
    );
  }
}
