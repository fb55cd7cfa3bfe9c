import type { OpenSessionOutput } from '../../src/contracts/documents/load-parts.ts';
import type {
  Failure,
  OperatorNotice,
  Outcome,
  Phase,
  Probe,
  TimelineEntry,
} from '../../src/contracts/documents/progress.ts';
import type { ExperimentLimits, NextStep, Rung } from '../../src/contracts/temporal/control-activities.ts';
import type {
  InfrastructureRef,
  ProvisionOutput,
} from '../../src/contracts/temporal/infrastructure-activities.ts';
import type { ExperimentWorkflowResult } from '../../src/contracts/temporal/workflows.ts';
import { usualTakeUpMs } from '../activity-proxies.ts';
import type { StopRequest } from '../stopper.ts';

/** Until when what was measured is kept, in ms since 1970; how far that can be extended, and by what. */
export interface Kept {
  untilEpochMs: number;
  latestEpochMs: number;
  latestBy: 'budget' | 'most';
}

/**
 * Everything an experiment knows; plain data, so that it survives continue-as-new. What an experiment that runs carries
 * over may come from an earlier release: `resumedState` makes it whole.
 */
export interface State {
  id: string;
  /** null until the input has been accepted; nothing has begun before. */
  ref: InfrastructureRef | null;
  /** Where its infrastructure is; null for what a release before 0.3.0 began, which says no home. */
  home: string | null;
  comparisonId: string | null;
  emulated: boolean;
  submittedAt: string;
  /** Name of the API key by which it was started; null where there is none. */
  submittedBy: string | null;
  startedAt: string | null;
  /** The last entry's phase is the experiment's. */
  timeline: TimelineEntry[];
  outcome: Outcome | null;
  /** Told by the run queue, and not yet given back. */
  slotGranted: boolean;
  restarts: number;
  /** Counts up over all attempts of the load; leftovers of an earlier one are recognised by it. */
  session: number;
  partial: boolean;
  partKeys: string[];
  provisioned: ProvisionOutput | null;
  opened: OpenSessionOutput[];
  /** What a capacity search has tried so far, also in earlier sessions. */
  probes: Probe[];
  /** What it tries next, as the last probe's judgement says. */
  nextStep: NextStep | null;
  /** What a ladder has measured so far, also in earlier sessions. */
  rungs: Rung[];
  /** How often in a row what was provisioned was gone, or another run's, before a load could begin. */
  disowned: number;
  failure: Failure | null;
  uploaded: ExperimentWorkflowResult | null;
  /** While what was measured stays, for people to look inside. */
  kept: Kept | null;
  destroyFailures: number;
  operator: OperatorNotice | null;
  /** Whether its comparison knows that it waits for a person. */
  parentTold: boolean;
  /** Between two tries to destroy, when a person may ask for the next one. */
  waitingToDestroy: boolean;
  /** Asked for, and not yet begun; with the lock that a person confirmed to be dead, if one did. */
  retryDestroy: { breakLock?: string } | null;
  stop: StopRequest | null;
  limits: ExperimentLimits;
}

const usualLimits: ExperimentLimits = {
  provisionForMs: 2 * 3_600_000,
  longHistoryEvents: 4_000,
  takeUpMs: usualTakeUpMs,
  provisionTries: 2,
  loadRestarts: 2,
  disownedInARow: 4,
  destroysBeforeOperator: 3,
};

export type AcceptedState = State & { ref: InfrastructureRef };
export type ProvisionedState = AcceptedState & { provisioned: ProvisionOutput };

/** What a run before carried over; release 0.1.0 carried less. */
export type CarriedState = Partial<State> & Pick<AcceptedState, 'ref' | 'submittedAt'>;

/** How an experiment goes on as new. */
export type ResumeExperiment = (input: unknown, carried: AcceptedState) => Promise<ExperimentWorkflowResult>;

export function initialState(id: string, submittedAt: string): State {
  return {
    id,
    ref: null,
    home: null,
    comparisonId: null,
    emulated: false,
    submittedAt,
    submittedBy: null,
    startedAt: null,
    timeline: [],
    outcome: null,
    slotGranted: false,
    restarts: 0,
    session: 0,
    partial: false,
    partKeys: [],
    provisioned: null,
    opened: [],
    probes: [],
    nextStep: null,
    rungs: [],
    disowned: 0,
    failure: null,
    uploaded: null,
    kept: null,
    destroyFailures: 0,
    operator: null,
    parentTold: false,
    waitingToDestroy: false,
    retryDestroy: null,
    stop: null,
    limits: usualLimits,
  };
}

export function resumedState(id: string, carried: CarriedState): AcceptedState {
  const limits = { ...usualLimits, ...carried.limits };
  return { ...initialState(id, carried.submittedAt), ...carried, limits };
}

export function phaseOf({ timeline }: Pick<State, 'timeline'>): Phase {
  return timeline.at(-1)?.phase ?? 'queued';
}

/**
 * A failure outweighs a cancellation only when it came first; then the record keeps both. One that came while it was kept
 * has cancelled nothing that was to be measured.
 */
export function outcomeOf({ failure, stop }: Pick<State, 'failure' | 'stop'>): Outcome {
  if (failure) return 'failed';
  return stop && !stop.whileKept ? 'cancelled' : 'completed';
}
