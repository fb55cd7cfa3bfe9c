import { Context } from '@temporalio/activity';

/** The run that executes this activity: after a reset, not the run that earlier activities belonged to. */
export function currentRunId(): string {
  const { workflowExecution } = Context.current().info;
  if (!workflowExecution) throw new Error('this activity runs outside a workflow');
  return workflowExecution.runId;
}
