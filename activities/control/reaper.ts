import { Context } from '@temporalio/activity';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { ExperimentRecord } from '../../src/contracts/documents/api.ts';
import { failureCodes } from '../../src/contracts/documents/failure-codes.ts';
import { type ExperimentProgress, experimentProgressSchema } from '../../src/contracts/documents/progress.ts';
import type {
  ControlActivities,
  Orphan,
  ReaperActivities,
} from '../../src/contracts/temporal/control-activities.ts';
import type {
  DestroyInput,
  InfrastructureActivities,
} from '../../src/contracts/temporal/infrastructure-activities.ts';
import { messageNames } from '../../src/contracts/temporal/names.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import type { Records } from '../../src/storage/records.ts';
import { whileHeartbeating } from '../../src/temporal/heartbeat.ts';
import { isOpenStatus } from '../../src/temporal/open-status.ts';
import { writeOrphanReport } from './orphan-report.ts';

const queryTimeoutMs = 10_000;

/** Another run of the experiment than the one found dead is there. */
class RunningAgain extends Error {
  override name = 'RunningAgain';
}

export interface ReaperDependencies {
  client: Client;
  store: Pick<ObjectStore, 'getText' | 'putJson'>;
  records: Pick<Records, 'readExperiment' | 'saveExperiment'>;
  /** Ids of this installation's experiments that may have anything. */
  findExperiments: () => Promise<string[]>;
  inventory: InfrastructureActivities['inventory'];
  /** The activity `destroy`, each attempt of which asks whether it may go on. */
  destroy: (input: DestroyInput, assertMayGoOn: () => Promise<void>) => Promise<void>;
  releaseSlot: ControlActivities['releaseSlot'];
  /** The home that looks, and sees what it finds; null where there are no queues of homes. */
  home?: string | null;
}

/** Activities of the reaper. Whatever they change, they change only for the run that was found dead. */
export function createReaperActivities(deps: ReaperDependencies): ReaperActivities {
  const { client, store, records, findExperiments, inventory, destroy, releaseSlot, home = null } = deps;

  /** The latest run, where it is closed; null where Temporal knows none; undefined where it may still go on. */
  async function deadRun(experimentId: string): Promise<string | null | undefined> {
    try {
      const { status, runId } = await client.workflow.getHandle(experimentId).describe();
      return isOpenStatus(status.name) ? undefined : runId;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  }

  async function look(experimentId: string): Promise<Orphan | null> {
    const deadRunId = await deadRun(experimentId);
    if (deadRunId === undefined) return null;
    const orphan: Orphan = {
      experimentId,
      deadRunId,
      runId: 'unknown',
      spec: null,
      items: [],
      ...(home === null ? {} : { home }),
    };
    try {
      const record = await records.readExperiment(experimentId);
      if (!record) return orphan;
      const { runId, spec } = record;
      return { ...orphan, runId, spec, items: await inventory({ experimentId, runId, spec }) };
    } catch (error) {
      // One document that cannot be read keeps nothing else from being found.
      return { ...orphan, problem: `What is there of it cannot be read: ${(error as Error).message}.` };
    }
  }

  /** How far it had come by its workflow, as long as Temporal remembers it; by its record after that. */
  async function lastKnown(
    { id, ...record }: ExperimentRecord,
    runId: string | null,
  ): Promise<ExperimentProgress> {
    if (runId === null) return record;
    try {
      const progress = await client.withDeadline(Date.now() + queryTimeoutMs, () =>
        client.workflow.getHandle(id, runId).query<unknown>(messageNames.progress),
      );
      return experimentProgressSchema.parse(progress);
    } catch {
      return record;
    }
  }

  return {
    isOrphan: async ({ experimentId }) => (await deadRun(experimentId)) !== undefined,

    findOrphans: () =>
      whileHeartbeating(async () => {
        const orphans: Orphan[] = [];
        for (const experimentId of await findExperiments()) {
          if (Context.current().cancellationSignal.aborted) break;
          const orphan = await look(experimentId);
          if (orphan) orphans.push(orphan);
        }
        return orphans;
      }),

    async destroyOrphan({ deadRunId, ...input }) {
      try {
        await destroy(input, async () => {
          if ((await deadRun(input.experimentId)) !== deadRunId) throw new RunningAgain();
        });
        return { destroyed: true };
      } catch (error) {
        if (error instanceof RunningAgain) return { destroyed: false };
        throw error;
      }
    },

    async closeOrphan({ experimentId, deadRunId }) {
      // Read before it is asked whether the run is still dead, so that nothing of a later run can be in it.
      const record = await records.readExperiment(experimentId);
      const dead = await deadRun(experimentId);
      if (!record || dead === undefined || (deadRunId !== undefined && dead !== deadRunId)) return;
      if (record.phase !== 'closed') {
        const endedAt = new Date().toISOString();
        await records.saveExperiment(closedRecord(record, await lastKnown(record, dead), endedAt));
      }
      await releaseSlot({ target: record.target, experimentId, runId: dead ?? record.runId });
    },

    reportOrphans: ({ orphans }) => writeOrphanReport(store, orphans),
  };
}

/** The record of an experiment whose workflow cannot close it any more. */
function closedRecord(
  record: ExperimentRecord,
  known: ExperimentProgress,
  endedAt: string,
): ExperimentRecord {
  return {
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
  };
}
