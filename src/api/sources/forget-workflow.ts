import { type WorkflowClient, WorkflowNotFoundError } from '@temporalio/client';

/**
 * Asks Temporal to delete every run of a closed workflow, which it does in its own time: seconds or minutes later it may
 * still describe them.
 * @returns false, with nothing asked for, where a run is open
 */
export async function forgetWorkflow(
  workflow: WorkflowClient,
  namespace: string,
  id: string,
): Promise<boolean> {
  const runs = new Set<string>();
  try {
    const { runId, closeTime } = await workflow.getHandle(id).describe();
    if (closeTime === undefined) return false;
    runs.add(runId);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  for await (const { runId } of workflow.list({ query: `WorkflowId = '${id}'` })) runs.add(runId);
  for (const runId of runs) {
    await workflow.workflowService
      .deleteWorkflowExecution({ namespace, workflowExecution: { workflowId: id, runId } })
      .catch((error: unknown) => {
        if (!isGone(error)) throw error;
      });
  }
  return true;
}

/** By gRPC's own number for what is not found. */
function isGone(error: unknown): boolean {
  return (error as { code?: unknown }).code === 5;
}
