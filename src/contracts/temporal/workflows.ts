import type { Outcome } from '../documents/progress.ts';
import type { ExperimentSpec } from '../input/experiment.ts';

/**
 * Input of an experiment workflow, from the API or typed by hand in the Temporal Web UI, where `comparisonId` is left
 * out. Anything else than an object with a valid `spec`, or a valid spec itself, closes the workflow as Failed.
 */
export interface ExperimentWorkflowInput {
  spec: ExperimentSpec;
  comparisonId?: string | null;
  /** Name of the API key by which it was started; left out where there is none. */
  submittedBy?: string;
}

/**
 * The document in a workflow's input, unchecked. A person who starts one by hand may give the document itself, without
 * the wrapper.
 */
export function unwrapInput(input: unknown): {
  spec: unknown;
  comparisonId: string | null;
  submittedBy: string | null;
} {
  if (typeof input !== 'object' || input === null || !('spec' in input)) {
    return { spec: input, comparisonId: null, submittedBy: null };
  }
  const { spec, comparisonId, submittedBy } = input as { [field: string]: unknown };
  return { spec, comparisonId: textOf(comparisonId), submittedBy: textOf(submittedBy) };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** What a closed experiment workflow shows in the Temporal Web UI. */
export interface ExperimentWorkflowResult {
  outcome: Outcome;
  /** Key of the result document in the results bucket, or null where nothing was measured. */
  resultKey: string | null;
  /** As a person reads them; the result document has all digits. */
  summary: {
    messagesPerSecondProduced: number | null;
    messagesPerSecondConsumed: number | null;
    endToEndP99Ms: number | null;
    lost: number | null;
  } | null;
  /** What became of each requirement, a sentence each; 0.1.0 did not say it. */
  verdicts?: string[];
  /** Address of the page that shows the result; left out where nothing was measured. */
  page?: string;
}

export interface ComparisonWorkflowResult {
  outcome: Outcome;
  experiments: { name: string; experimentId: string; outcome: Outcome }[];
}
