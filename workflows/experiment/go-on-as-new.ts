import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { AcceptedState, ResumeExperiment } from './state.ts';

/** Whether the history is so long that the experiment should go on as new, long before Temporal ends it. */
export function isHistoryLong({ limits }: AcceptedState): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return historyLength > limits.longHistoryEvents || continueAsNewSuggested;
}

/** Ends this run; the next one has the whole state. */
export async function goOnAsNew(state: AcceptedState): Promise<never> {
  const input = { spec: state.ref.spec, comparisonId: state.comparisonId };
  return await continueAsNew<ResumeExperiment>(input, state);
}
