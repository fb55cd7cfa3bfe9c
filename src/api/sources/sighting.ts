import {
  type DescribedWorkflow,
  type TemporalGateway,
  TemporalUnavailable,
  type WorkflowKind,
  type WorkflowView,
} from './temporal-gateway.ts';

/** What Temporal said when it was asked for one workflow. */
export type Sighting<View extends WorkflowView = DescribedWorkflow> =
  | { kind: 'seen'; workflow: View }
  /** It knows no such workflow, or none any more. */
  | { kind: 'absent' }
  /** It did not answer. */
  | { kind: 'unreachable' };

/** Whether a workflow may still be open: one of which Temporal could not be asked counts as open. */
export function isOpen(sighting: Sighting<WorkflowView>): boolean {
  return (
    sighting.kind === 'unreachable' || (sighting.kind === 'seen' && sighting.workflow.status === 'running')
  );
}

/** Looks for a workflow of one kind; what only Temporal knows may be missing, but storage still answers. */
export async function sight(gateway: TemporalGateway, id: string, kind: WorkflowKind): Promise<Sighting> {
  try {
    const workflow = await gateway.describe(id);
    return workflow?.type === kind ? { kind: 'seen', workflow } : { kind: 'absent' };
  } catch (error) {
    if (error instanceof TemporalUnavailable) return { kind: 'unreachable' };
    throw error;
  }
}
