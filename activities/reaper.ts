import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { ControlActivities, Orphan, ReaperActivities } from '../src/contracts/control.ts';
import type { InfrastructureActivities } from '../src/contracts/infrastructure.ts';
import type { Records } from '../src/storage/records.ts';

/** Activities of the reaper; what it destroys, it destroys by the same activity as the experiments themselves. */
export function createReaperActivities({
  client,
  records,
  findExperiments,
  inventory,
  releaseSlot,
}: {
  client: Client;
  records: Records;
  /** Ids of this installation's experiments that may have anything. */
  findExperiments: () => Promise<string[]>;
  inventory: InfrastructureActivities['inventory'];
  releaseSlot: ControlActivities['releaseSlot'];
}): ReaperActivities {
  async function isOrphan({ experimentId }: { experimentId: string }): Promise<boolean> {
    try {
      const { status } = await client.workflow.getHandle(experimentId).describe();
      return status.name !== 'RUNNING';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return true;
      throw error;
    }
  }

  return {
    isOrphan,

    async findOrphans() {
      const orphans: Orphan[] = [];
      for (const experimentId of await findExperiments()) {
        if (!(await isOrphan({ experimentId }))) continue;
        const record = await records.readExperiment(experimentId);
        orphans.push({
          experimentId,
          runId: record?.runId ?? 'unknown',
          spec: record?.spec ?? null,
          items: record ? await inventory({ experimentId, runId: record.runId, spec: record.spec }) : [],
        });
      }
      return orphans;
    },

    async closeOrphan({ experimentId }) {
      const record = await records.readExperiment(experimentId);
      if (record && record.phase !== 'closed') {
        const endedAt = new Date().toISOString();
        await records.saveExperiment({
          ...record,
          phase: 'closed',
          outcome: 'failed',
          endedAt,
          operator: null,
          timeline: [
            ...record.timeline.map((entry) => ({ ...entry, endedAt: entry.endedAt ?? endedAt })),
            { phase: 'closed', startedAt: endedAt, endedAt },
          ],
          failure: record.failure ?? {
            code: 'workflow-lost',
            phase: record.phase,
            message:
              'Its workflow was terminated, or Temporal lost it, before it had destroyed what it started; the reaper has.',
            diagnostics: [],
          },
        });
      }
      if (record) await releaseSlot({ target: record.target, experimentId });
    },
  };
}
