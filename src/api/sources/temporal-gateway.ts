import type { LiveStats, Outcome, TerraformProgress } from '../../contracts/documents/progress.ts';
import type { UpdateAnswer } from './ask-update.ts';

export type WorkflowKind = 'experiment' | 'comparison';

/** A workflow as Temporal knows it; what its search attributes and memo do not say is null. */
export interface WorkflowView {
  id: string;
  runId: string;
  /** Workflow type; other kinds than ours can have an id that someone asks for. */
  type: string;
  status: 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed-out';
  startedAt: Date;
  closedAt: Date | null;
  technology: string | null;
  target: string | null;
  phase: string | null;
  outcome: Outcome | null;
  name: string | null;
  /** Workflow id of the comparison that started it. */
  parentId: string | null;
}

export interface DescribedWorkflow extends WorkflowView {
  /** From the heartbeats of the load activities; null while no load runs. */
  live: LiveStats | null;
  /** From the heartbeat of the activity that waits for a terraform; null while none is waited for. */
  terraform: TerraformProgress | null;
  pending: PendingWork;
}

/** An activity that is tried, or waits to be. */
export interface PendingActivity {
  type: string;
  /** Number of the present try, from 1. */
  attempt: number;
  state: 'scheduled' | 'started' | 'paused';
  /** When it was asked for first. */
  since: Date | null;
  lastFailure: string | null;
  nextAttemptAt: Date | null;
  /** The home to which it is bound; null where any worker may do it. */
  home: string | null;
}

/** What a workflow is doing, or fails to do, in Temporal's eyes. */
export interface PendingWork {
  activities: PendingActivity[];
  /** The step of its own code that is to be taken; null while it waits for something. */
  task: { attempt: number; since: Date | null; started: boolean; lastFailure: TaskFailure | null } | null;
  /** null unless a person has paused the whole of it. */
  paused: { since: Date | null; reason: string } | null;
}

export interface TaskFailure {
  message: string;
  /** Whether the code that runs now is not the code that the workflow began with. */
  otherCode: boolean;
}

export interface StartRequest {
  kind: WorkflowKind;
  id: string;
  /** `{spec}`, as accepted. */
  input: unknown;
  name: string;
  /** Technology and target of an experiment. */
  attributes: { technology: string; target: string } | null;
}

/**
 * What the API needs of Temporal, narrow enough to be faked. Every method rejects with `TemporalUnavailable` when the
 * server does not answer in time.
 */
export interface TemporalGateway {
  /** Starts a workflow; `exists` when its id is, or was, in use. */
  start(request: StartRequest): Promise<'started' | 'exists'>;
  /** The latest run; null when Temporal does not know the id. */
  describe(id: string): Promise<DescribedWorkflow | null>;
  /** Answer of the `progress` query; null when there is none, as while no worker runs. */
  progress(id: string): Promise<unknown>;
  /** Answer of the `queue` query of a target's run queue; null when there is no such queue. */
  queue(target: string): Promise<unknown>;
  /** First argument that the workflow was started with; undefined when it cannot be read. */
  input(workflow: WorkflowView): Promise<unknown>;
  /** Sends the `cancel` signal, by whose key it is asked for; false when no such workflow is open. */
  cancel(id: string, reason: string | null, by: string | null): Promise<boolean>;
  /** Sends the `retryDestroy` update; a sentence says why it was refused. */
  retryDestroy(id: string, breakLock: string | null): Promise<UpdateAnswer<unknown>>;
  /** Sends the `extend` update, whose answer says until when it is kept. */
  extend(id: string, minutes: number): Promise<UpdateAnswer<unknown>>;
  /** Has Temporal forget a closed workflow in its own time; false, with nothing asked for, while a run of it is open. */
  forget(id: string): Promise<boolean>;
  /** Runs the reaper once and answers its report; takes as long as what it destroys. */
  reap(id: string, dryRun: boolean): Promise<unknown>;
  /** When the reaper looks next; null where nothing says it, as while somebody has paused it. */
  nextReap(): Promise<Date | null>;
  /** All open workflows of a kind, however many. */
  listOpen(kind: WorkflowKind): Promise<WorkflowView[]>;
  /**
   * Those of a kind that were started or have closed since then, with all that are open and beyond the queue. A run may
   * be among them twice, open and closed.
   */
  listChanged(kind: WorkflowKind, since: Date): Promise<WorkflowView[]>;
  /**
   * Open workflows of every type of ours that may be in trouble, at most `limit` of them and those that are known to be
   * first: such as have a task that fails, such as are beyond the queue, then the newest others.
   */
  listSuspects(limit: number): Promise<WorkflowView[]>;
  /** Id of the namespace, which is another one once the server's database was lost. */
  namespaceId(): Promise<string>;
  /** Resolves when the server answers. */
  check(): Promise<void>;
}

export class TemporalUnavailable extends Error {
  override name = 'TemporalUnavailable';
}
