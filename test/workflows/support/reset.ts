import type { TestWorkflowEnvironment } from '@temporalio/testing';

/** Resets a workflow to its first task, as a person may from the Web UI. */
export async function resetToStart({ client }: TestWorkflowEnvironment, workflowId: string): Promise<void> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const task = events?.find((event) => event.workflowTaskCompletedEventAttributes);
  await client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId },
    reason: 'by a test',
    requestId: `${workflowId}-${task?.eventId}`,
    workflowTaskFinishEventId: task?.eventId,
  });
}
