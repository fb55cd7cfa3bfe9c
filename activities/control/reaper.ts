import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { ExperimentRecord } from '../../src/contracts/documents/api.ts';
import { failureCodes } from '../../src/contracts/documents/failure-codes.ts';
import { type ExperimentProgress, experimentProgressSchema } from '../../src/contracts/documents/progress.ts';
import type {
  ControlActivities,
  Orphan,
  ReaperActivities,
} from '../../src/contracts/temporal/control-activities.ts';
import type { InfrastructureActivities } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { messageNames } from '../../src/contracts/temporal/names.ts';
import type { Records } from '../../src/storage/records.ts';

const queryTimeoutMs = 10_000;

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

  /** How far it had come by its workflow, as long as Temporal remembers it; by its record after that. */
  async function lastKnown({ id, ...record }: ExperimentRecord): Promise<ExperimentProgress> {
    try {
      const progress = await client.withDeadline(Date.now() + queryTimeoutMs, () =>
        client.workflow.getHandle(id).query<unknown>(messageNames.progress),
      );
      return experimentProgressSchema.parse(progress);
    } catch {
      return record;
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
        const known = await lastKnown(record);
        await records.saveExperiment({
          ...record,
          ...known,
          phase: 'closed',
          queuePosition: null,
          outcome: 'failed',
          endedAt,
          operator: null,
          timeline: [
            ...known.timeline.map((entry) => ({ ...entry, endedAt: entry.endedAt ?? endedAt })),
            { phase: 'closed', startedAt: endedAt, endedAt },
          ],
          failure: known.failure ?? {
            code: failureCodes.workflowLost,
            phase: known.phase,
            message:
              'Its workflow was terminated, or Temporal lost it, before it had destroyed what it started; the reaper has.',
            diagnostics: [],
          },
        });
      }
      if (record) await releaseSlot({ target: record.target, experimentId, runId: record.runId });
    },
  };
}
