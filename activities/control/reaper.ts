import { Context } from '@temporalio/activity';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { ExperimentRecord } from '../../src/contracts/documents/api.ts';
import { failureCodes } from '../../src/contracts/documents/failure-codes.ts';
import { type ExperimentProgress, experimentProgressSchema } from '../../src/contracts/documents/progress.ts';
import type {
  ControlActivities,
  FoundExperiments,
  Orphan,
  ReaperActivities,
} from '../../src/contracts/temporal/control-activities.ts';
import type {
  DestroyInput,
  InfrastructureActivities,
} from '../../src/contracts/temporal/infrastructure-activities.ts';
import { messageNames } from '../../src/contracts/temporal/names.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import { nullIfUnreadable, type Records } from '../../src/storage/records.ts';
import { whileHeartbeating } from '../../src/temporal/heartbeat.ts';
import { isOpenExperiment } from '../../src/temporal/open-status.ts';
import { knownSubject, type SubjectSources } from './known-subject.ts';
import { noteFound, writeOrphanReport } from './orphan-report.ts';

const queryTimeoutMs = 10_000;

const untold =
  'The bucket has no record of it, and neither its run folder nor its state tells of which technology it is.';

/** Another run of the experiment than the one found dead is there. */
class RunningAgain extends Error {
  override name = 'RunningAgain';
}

export interface ReaperDependencies extends SubjectSources {
  client: Client;
  store: Pick<ObjectStore, 'getText' | 'putJson'>;
  records: Pick<Records, 'readExperiment' | 'saveExperiment'>;
  /** This installation's experiments that may have anything. */
  findExperiments: () => Promise<FoundExperiments>;
  inventory: InfrastructureActivities['inventory'];
  /** The activity `destroy`, each attempt of which asks whether it may go on. */
  destroy: (input: DestroyInput, assertMayGoOn: () => Promise<void>) => Promise<void>;
  releaseSlot: ControlActivities['releaseSlot'];
  /** The home that looks, and sees what it finds; null where there are no queues of homes. */
  home?: string | null;
}

/** Activities of the reaper. Whatever they change, they change only for the run that was found dead. */
export function createReaperActivities(deps: ReaperDependencies): ReaperActivities {
  const orphans = new Orphans(deps);
  return {
    isOrphan: async ({ experimentId }) => (await orphans.deadRun(experimentId)) !== undefined,

    findOrphans: () =>
      whileHeartbeating(async () => {
        const { ids, unlisted } = await deps.findExperiments();
        const found: Orphan[] = unlisted.map(unlistedOrphan);
        for (const experimentId of ids) {
          if (Context.current().cancellationSignal.aborted) break;
          const orphan = await orphans.look(experimentId);
          if (orphan) found.push(orphan);
        }
        // What cannot be told now is told once it was tried to destroy it.
        await noteFound(deps.store, found).catch(() => {});
        return found;
      }),

    async destroyOrphan({ deadRunId, ...input }) {
      try {
        await deps.destroy(input, async () => {
          if ((await orphans.deadRun(input.experimentId)) !== deadRunId) throw new RunningAgain();
        });
        return { destroyed: true };
      } catch (error) {
        if (error instanceof RunningAgain) return { destroyed: false };
        throw error;
      }
    },

    closeOrphan: (dead) => orphans.close(dead),

    endExpired: () =>
      whileHeartbeating(async () => {
        const { expired = [] } = await deps.findExperiments();
        for (const experimentId of expired) await orphans.endExpired(experimentId);
      }),

    reportOrphans: ({ orphans: findings }) => writeOrphanReport(deps.store, findings),
  };
}

/** No id has spaces, so it is taken for none. */
function unlistedOrphan({ technology, target, reason }: FoundExperiments['unlisted'][number]): Orphan {
  return {
    experimentId: `experiments with ${technology} on ${target}`,
    runId: 'unknown',
    spec: null,
    items: [],
    unlisted: true,
    problem:
      `What is there of them could not be listed, so that nobody knows whether anything is left: ${reason}. ` +
      'Allow the worker to list it, or see that it is reached.',
  };
}

/** What experiments have left whose workflow no longer runs. */
class Orphans {
  private readonly deps: ReaperDependencies;

  constructor(deps: ReaperDependencies) {
    this.deps = deps;
  }

  /** The latest run, where it is closed; null where Temporal knows none; undefined where it may still go on. */
  async deadRun(experimentId: string): Promise<string | null | undefined> {
    try {
      const description = await this.handle(experimentId).describe();
      return isOpenExperiment(description) ? undefined : description.runId;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  }

  /** What may stand no longer is asked to end, should its workflow still be open: that destroys it, and keeps what it has. */
  async endExpired(experimentId: string): Promise<void> {
    if ((await this.deadRun(experimentId)) !== undefined) return;
    const reason = 'what it has made may stand no longer, by its expiry tag';
    await this.handle(experimentId)
      .signal(messageNames.cancel, { reason })
      .catch((error) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      });
  }

  async look(experimentId: string): Promise<Orphan | null> {
    const { records, inventory, identify, home } = this.deps;
    const deadRunId = await this.deadRun(experimentId);
    if (deadRunId === undefined) return null;
    const orphan: Orphan = {
      experimentId,
      deadRunId,
      runId: 'unknown',
      spec: null,
      items: [],
      ...(home ? { home } : {}),
    };
    try {
      const known = await knownSubject({ records, identify }, experimentId);
      if (!known) return { ...orphan, problem: untold };
      const { spec } = known;
      const runId = known.runId ?? deadRunId ?? orphan.runId;
      return { ...orphan, runId, spec, items: await inventory({ experimentId, runId, spec }) };
    } catch (error) {
      // One document that cannot be read keeps nothing else from being found.
      return { ...orphan, problem: `What is there of it cannot be read: ${(error as Error).message}.` };
    }
  }

  async close({ experimentId, deadRunId }: Parameters<ReaperActivities['closeOrphan']>[0]): Promise<void> {
    const { records, releaseSlot } = this.deps;
    // Read before it is asked whether the run is still dead, so that nothing of a later run can be in it.
    // What cannot be read can say of nothing that it is open.
    const record = await records.readExperiment(experimentId).catch(nullIfUnreadable);
    const dead = await this.deadRun(experimentId);
    if (!record || dead === undefined || (deadRunId !== undefined && dead !== deadRunId)) return;
    if (record.phase !== 'closed') {
      const endedAt = new Date().toISOString();
      await records.saveExperiment(closedRecord(record, await this.lastKnown(record, dead), endedAt));
      await this.giveBack(record, dead);
    }
    await releaseSlot({ target: record.target, experimentId, runId: dead ?? record.runId });
  }

  /** How far it had come by its workflow, as long as Temporal remembers it; by its record after that. */
  private async lastKnown(
    { id, ...record }: ExperimentRecord,
    runId: string | null,
  ): Promise<ExperimentProgress> {
    return runId === null ? record : await this.progress(id, runId).catch(() => record);
  }

  /** The record of a run that has come back while the one before it was closed, lest it reads as closed too. */
  private async giveBack(record: ExperimentRecord, dead: string | null): Promise<void> {
    const { id } = record;
    const latest = await this.handle(id)
      .describe()
      .catch(() => null);
    if (!latest || latest.runId === dead || !isOpenExperiment(latest)) return;
    // Where its workflow does not answer, it writes its record itself as it goes on.
    const progress = await this.progress(id, latest.runId).catch(() => null);
    if (!progress || progress.timeline.length === 0) return;
    await this.deps.records.saveExperiment({
      ...record,
      ...progress,
      runId: latest.runId,
      hasResult: progress.resultKey !== null,
    });
  }

  /** As the workflow of a run tells it. */
  private async progress(id: string, runId: string): Promise<ExperimentProgress> {
    const { client } = this.deps;
    const progress = await client.withDeadline(Date.now() + queryTimeoutMs, () =>
      client.workflow.getHandle(id, runId).query<unknown>(messageNames.progress),
    );
    return experimentProgressSchema.parse(progress);
  }

  private handle(id: string) {
    return this.deps.client.workflow.getHandle(id);
  }
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
