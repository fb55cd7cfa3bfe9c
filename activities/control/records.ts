import { ApplicationFailure } from '@temporalio/activity';
import type { z } from 'zod';
import { comparisonSchema } from '../../src/contracts/input/comparison.ts';
import { type ExperimentSpec, experimentSchema } from '../../src/contracts/input/experiment.ts';
import { idSchema, variantExperimentId } from '../../src/contracts/input/ids.ts';
import { fieldErrors } from '../../src/contracts/input/problem.ts';
import { type ControlActivities, failureTypes } from '../../src/contracts/temporal/control-activities.ts';
import type { Records } from '../../src/storage/records.ts';
import { type TechnologyId, technologyCard } from '../../src/technologies/registry.ts';
import { currentRunId } from '../../src/temporal/current-run.ts';

/** Activities that take experiments and comparisons in, and keep their records. */
export function createRecordActivities({
  records,
}: {
  records: Records;
}): Pick<
  ControlActivities,
  'acceptExperiment' | 'recordExperiment' | 'acceptComparison' | 'recordComparison'
> {
  return {
    async acceptExperiment({ experimentId, input, submittedAt }) {
      checkId(experimentId);
      const { spec, rest } = unwrap(input);
      const accepted = parse<ExperimentSpec>(experimentSchema, spec, 'experiment');
      const comparisonId = typeof rest.comparisonId === 'string' ? rest.comparisonId : null;
      const emulated =
        technologyCard(accepted.technology as TechnologyId).targets[accepted.target]?.emulated ?? false;
      const runId = currentRunId();
      await records.saveExperiment({
        id: experimentId,
        runId,
        name: accepted.name,
        technology: accepted.technology,
        target: accepted.target,
        emulated,
        comparisonId,
        submittedAt,
        spec: accepted,
        hasResult: false,
        phase: 'queued',
        outcome: null,
        queuePosition: null,
        startedAt: null,
        endedAt: null,
        cancelRequestedAt: null,
        timeline: [{ phase: 'queued', startedAt: submittedAt, endedAt: null }],
        restarts: 0,
        probes: [],
        failure: null,
        operator: null,
      });
      return { spec: accepted, comparisonId, emulated, runId };
    },

    async recordExperiment(record) {
      await records.saveExperiment({ ...record, runId: currentRunId() });
    },

    async acceptComparison({ comparisonId, input, submittedAt }) {
      checkId(comparisonId);
      checkId(variantExperimentId(comparisonId, 0));
      const spec = parse(comparisonSchema, unwrap(input).spec, 'comparison');
      const runId = currentRunId();
      await records.saveComparison({
        id: comparisonId,
        runId,
        name: spec.name,
        outcome: null,
        submittedAt,
        startedAt: submittedAt,
        endedAt: null,
        cancelRequestedAt: null,
        variants: spec.variants.map(({ name }, index) => ({
          name,
          experimentId: variantExperimentId(comparisonId, index),
          state: 'waiting',
        })),
        failure: null,
        spec,
      });
      return { spec, runId };
    },

    async recordComparison(record) {
      await records.saveComparison({ ...record, runId: currentRunId() });
    },
  };
}

/** A person who starts one by hand may give the document itself, without the wrapper. */
function unwrap(input: unknown): { spec: unknown; rest: Record<string, unknown> } {
  if (typeof input === 'object' && input !== null && 'spec' in input) {
    const { spec, ...rest } = input;
    return { spec, rest };
  }
  return { spec: input, rest: {} };
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(parsed.error);
  const lines = errors.map(({ pointer, detail }) => `${pointer || '(the whole document)'}: ${detail}`);
  throw refusal(`This is not a valid ${what}. ${lines.join('; ')}`, errors);
}

function checkId(id: string): void {
  const parsed = idSchema.safeParse(id);
  if (!parsed.success) {
    throw refusal(
      `The workflow id ${JSON.stringify(id)} ${parsed.error.issues[0]?.message}. Start it again with another id.`,
      [],
    );
  }
}

function refusal(message: string, errors: unknown[]): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type: failureTypes.invalidInput,
    nonRetryable: true,
    details: [errors],
  });
}
