import type { TechnologyId } from '../../technologies/registry.ts';
import type { ComparisonRecord, ExperimentRecord } from '../documents/api.ts';
import type { OpenSessionOutput } from '../documents/load-parts.ts';
import type { InventoryItem } from '../documents/orphans.ts';
import type { Failure, Probe, TimelineEntry, VariantState } from '../documents/progress.ts';
import type { Capacity } from '../documents/result.ts';
import type { ComparisonSpec } from '../input/comparison.ts';
import type { ExperimentSpec } from '../input/experiment.ts';
import type { GridRun } from '../input/grid/grid.ts';
import type {
  DestroyInput,
  InfrastructureRef,
  ProvisionOutput,
  ReaperReport,
} from './infrastructure-activities.ts';
import type { ExperimentWorkflowResult } from './workflows.ts';

/** Types of the failures that activities throw; the workflows decide by them. */
export const failureTypes = {
  /** What the user gave cannot be used. */
  invalidInput: 'InvalidInput',
  /** Terraform ended with an error; details: `[Diagnostic[]]`. */
  terraformFailed: 'TerraformFailed',
  /** Only a person can decide; details: `[{reason, actions}]`. */
  operatorNeeded: 'OperatorNeeded',
  /** What was provisioned was gone again and again, before a load could begin. */
  infrastructureLost: 'InfrastructureLost',
  /** Another experiment is being measured, which this would disturb. */
  notQuiet: 'NotQuiet',
} as const;

/**
 * How far an experiment's workflow goes. The activity that accepts it may say otherwise, so that they can be changed under
 * workflows that run: each keeps to its own. Tests cross them, where nobody could wait so long.
 */
export interface ExperimentLimits {
  /** How long provisioning may fail with what nobody foresaw, all tries together. */
  provisionForMs: number;
  /** Events after which it goes on as new; Temporal's limit is 51,200. */
  longHistoryEvents: number;
  /** After how long an activity that nobody at the home takes up is given up, and asked whose home it is now. */
  takeUpMs: number;
  /** Tries of a provisioning that terraform itself says has failed. */
  provisionTries: number;
  /** How often the load phase is started over after a participant was lost. */
  loadRestarts: number;
  /** How often in a row it is provisioned anew because it was gone before a load could begin. */
  disownedInARow: number;
  /** Failed destroys after which a person is asked. */
  destroysBeforeOperator: number;
}

export interface AcceptedExperiment {
  spec: ExperimentSpec;
  comparisonId: string | null;
  emulated: boolean;
  runId: string;
  /** The home where it is worked on; releases before 0.3.0 do not say. */
  home?: string;
  /** Name of the API key by which it was started; null, or left out, where there is none. */
  submittedBy?: string | null;
  /** Where they are not the usual ones. */
  limits?: Partial<ExperimentLimits>;
}

export interface SlotRef {
  target: string;
  experimentId: string;
}

export interface RunQueueInput {
  target: string;
  /** Experiments that may run at once. */
  capacity: number;
  /** Events after which it goes on as new, where they are not the usual ones. */
  longHistoryEvents?: number;
}

/** Payload of the `requestSlot` signal. */
export interface SlotRequest {
  experimentId: string;
  runId: string;
  submittedAt: string;
}

/** An experiment that a run queue learns of when it starts. */
export interface SlotHolder {
  experimentId: string;
  runId: string;
  since: string;
  /** It holds none yet. */
  waiting?: true;
}

/** Experiments that have, or may have, anything. */
export interface FoundExperiments {
  ids: string[];
  /** What could not be asked whose things it has: of its experiments nobody knows that nothing is there. */
  unlisted: { technology: TechnologyId; target: string; reason: string }[];
  /** Those whose infrastructure may stand no longer, by the tag that says until when, whatever their workflows do. */
  expired?: string[];
}

/** Infrastructure, or what is left of it, whose workflow no longer runs. */
export interface Orphan {
  experimentId: string;
  /** By its record; `unknown` without. */
  runId: string;
  /** The run that was found closed; null where Temporal knows none. Release 0.1.0 does not say. */
  deadRunId?: string | null;
  /** null where its record is lost, or cannot be read: then only a person can say what to do. */
  spec: ExperimentSpec | null;
  items: InventoryItem[];
  /** The home that found it, and is to destroy it; releases before 0.3.0 do not say. */
  home?: string;
  /** Why no more is known of it, where something could not be read. */
  problem?: string;
  /** It is not one experiment but all with a technology on a target, whose things could not be listed. */
  unlisted?: true;
}

/** An orphan, and the run found dead: whatever touches it does nothing once another run is there. */
export interface DeadExperiment {
  experimentId: string;
  deadRunId: string | null;
}

/** Activities of the reaper. */
export interface ReaperActivities {
  /** Looks for this installation's infrastructure and state whose workflow no longer runs; starts nothing. */
  findOrphans(): Promise<Orphan[]>;
  /** For workflows of release 0.1.0: whether no workflow of this experiment runs now. */
  isOrphan(input: { experimentId: string }): Promise<boolean>;
  /**
   * As `destroy`, but each attempt looks whether the run found dead is still the latest one.
   * @returns whether it was, so that now nothing is left
   */
  destroyOrphan(
    input: DeadExperiment & Omit<DestroyInput, 'breakLock' | 'asked'>,
  ): Promise<{ destroyed: boolean }>;
  /** Closes the record of an experiment whose workflow cannot, and gives its slot back. */
  closeOrphan(input: Pick<DeadExperiment, 'experimentId'> & Partial<DeadExperiment>): Promise<void>;
  /**
   * Asks experiments to end whose infrastructure may stand no longer, by its expiry tag, though their workflows are open:
   * a limit that a workflow does not keep itself is kept all the same.
   */
  endExpired(): Promise<void>;
  /** Writes down what a look could not destroy, with since when. */
  reportOrphans(input: { orphans: ReaperReport['orphans'] }): Promise<void>;
}

export interface AssembleResultInput {
  experimentId: string;
  spec: ExperimentSpec;
  timeline: TimelineEntry[];
  restarts: number;
  partial: boolean;
  /** Keys of the parts that the load generators wrote. */
  partKeys: string[];
  provisioned: ProvisionOutput | null;
  opened: OpenSessionOutput[];
  /** What a capacity search came to; null for other loads. */
  capacity: Capacity | null;
  /** Of a ladder. */
  rungs?: Rung[];
  failure: Failure | null;
}

export interface JudgeProbeInput {
  spec: ExperimentSpec;
  messagesPerSecond: number;
  seconds: number;
  hold: boolean;
  /** A rung of a ladder, rather than a probe of its search. */
  rung?: boolean;
  /** Number of the session that tried it; 0.2.0 does not say. */
  session?: number;
  /** Keys of the parts that the load generators wrote. */
  partKeys: string[];
  /** What the search has tried before this, in its order. */
  earlier: Probe[];
}

export interface AcceptedComparison {
  spec: ComparisonSpec;
  runId: string;
  /** Its experiments, in the order in which they run; 0.2.0 did not say. */
  runs?: GridRun[];
  /** Name of the API key by which it was started; null, or left out, where there is none. */
  submittedBy?: string | null;
  limits?: { longHistoryEvents: number };
}

/** A rate that a ladder has measured, and what the load generators wrote. */
export interface Rung {
  messagesPerSecond: number;
  sustained: boolean;
  reason: string;
  partKeys: string[];
}

/**
 * What a search tries next; or the highest rate that was sustained, null where not even the lowest one was; or the next
 * rung of a ladder, or that it has no more.
 */
export type NextStep = (
  | { kind: 'probe' | 'rung'; messagesPerSecond: number }
  | { kind: 'found'; messagesPerSecond: number | null }
  | { kind: 'done'; messagesPerSecond: null }
) & {
  /** How long to leave the product alone before it. */
  restSeconds?: number;
};

/** 0.1.0 did not say what comes next. */
export type JudgedProbe = Probe & { next?: NextStep };

export interface AssembledResult {
  resultKey: string;
  summary: ExperimentWorkflowResult['summary'];
  verdicts?: string[];
  /** Address of the page that shows it. */
  page?: string;
  /** What only the result shows to have failed, such as that not one message was acknowledged; else left out. */
  failure?: Failure;
}

/** Activities of the control worker beside the infrastructure's. Each reads its run id from its own context. */
export interface ControlActivities {
  /** Validates whatever the workflow was started with, and records the experiment. Fails as `InvalidInput`. */
  acceptExperiment(input: {
    experimentId: string;
    input: unknown;
    submittedAt: string;
  }): Promise<AcceptedExperiment>;
  /** The home that works on experiments now; null where there are no queues of homes. */
  whichHome(input: { experimentId: string }): Promise<{ home: string | null }>;
  /** Fails as `NotQuiet` while another experiment of the target is being measured. */
  awaitQuiet(slot: SlotRef): Promise<void>;
  /** Writes the experiment as last known. */
  recordExperiment(record: Omit<ExperimentRecord, 'runId'>): Promise<void>;
  /**
   * Asks the target's run queue for a slot, starting the queue where none runs. Returns when to ask again, lest that
   * queue was terminated.
   */
  requestSlot(slot: SlotRef & { submittedAt: string }): Promise<{ askAgainMs: number }>;
  /**
   * Gives a slot, or a place in the queue, back, and starts the queue where none runs, since others may wait for it.
   * @param slot the run whose it is; by default the one that calls, and any before it
   */
  releaseSlot(slot: SlotRef & { runId?: string }): Promise<void>;
  /** Whether this very run holds the slot, and which run this is. */
  checkSlot(slot: SlotRef): Promise<{ held: boolean; runId: string }>;
  /** For a run queue that starts: who holds a slot already, or waits, since the queue before it was terminated. */
  findHolders(input: { target: string }): Promise<SlotHolder[]>;
  /** For the run queue: whether a holder's slot can be given to another. */
  inspectHolder(slot: SlotRef): Promise<{ free: boolean }>;
  /** What an earlier run of this id left, as its record has it; null where there is nothing. */
  findLeft(input: { experimentId: string }): Promise<{ left: InfrastructureRef | null }>;
  /**
   * Asks Temporal to cancel the run that calls: a run that went on as new may close as Canceled only when it was asked
   * itself.
   */
  cancelAgain(input: { experimentId: string }): Promise<void>;
  /** Merges the parts into the result document, written once per run. */
  assembleResult(input: AssembleResultInput): Promise<AssembledResult>;
  /** Says whether a rate was sustained, and what the search tries next. */
  judgeProbe(input: JudgeProbeInput): Promise<JudgedProbe>;
  acceptComparison(input: {
    comparisonId: string;
    input: unknown;
    submittedAt: string;
  }): Promise<AcceptedComparison>;
  recordComparison(record: Omit<ComparisonRecord, 'runId'>): Promise<void>;
  /** Changes some variants of the comparison's record, by their experiments; of hundreds, the whole is long. */
  recordVariants(input: {
    comparisonId: string;
    states: { [experimentId: string]: VariantState['state'] };
  }): Promise<void>;
  /**
   * Cancels an experiment that an earlier run of its comparison left running, and waits until it has closed, or needs an
   * operator.
   */
  settleExperiment(input: { experimentId: string }): Promise<{ needsOperator: boolean }>;
}
