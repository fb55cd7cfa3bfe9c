import {
  type DescribedWorkflow,
  type TemporalGateway,
  TemporalUnavailable,
  type WorkflowKind,
  type WorkflowView,
} from './temporal-gateway.ts';

/** Describes a workflow of one kind; what only Temporal knows may be missing, but storage still answers. */
export async function describeIfReachable(
  gateway: TemporalGateway,
  id: string,
  kind: WorkflowKind,
): Promise<DescribedWorkflow | null | 'unreachable'> {
  try {
    const workflow = await gateway.describe(id);
    return workflow?.type === kind ? workflow : null;
  } catch (error) {
    if (error instanceof TemporalUnavailable) return 'unreachable';
    throw error;
  }
}

/** Open workflows by id; null when Temporal does not answer. */
export async function listOpenIfReachable(
  gateway: TemporalGateway,
  kind: WorkflowKind,
): Promise<Map<string, WorkflowView> | null> {
  try {
    return new Map((await gateway.listOpen(kind)).map((workflow) => [workflow.id, workflow]));
  } catch (error) {
    if (error instanceof TemporalUnavailable) return null;
    throw error;
  }
}
