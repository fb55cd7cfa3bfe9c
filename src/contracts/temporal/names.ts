/** Names that the Temporal server, its Web UI and outside scripts know us by (src/contracts/README.md, "Temporal names"). */
export const workflowTypes = {
  experiment: 'experiment',
  comparison: 'comparison',
  runQueue: 'runQueue',
  reaper: 'reaper',
  orphan: 'orphan',
} as const;

/** Task queue of the control workers. */
export const controlTaskQueue = 'experiments';

/**
 * Task queue of what is bound to the machine of one home: terraform runs, run folders, processes. Only that home's worker
 * asks for its work, so that none lands where it cannot be seen.
 */
export function homeTaskQueue(homeId: string): string {
  return `home-${homeId}`;
}

/** The home whose task queue this is; null for another queue. */
export function homeOfTaskQueue(name: string): string | null {
  return /^home-(.+)$/.exec(name)?.[1] ?? null;
}

/**
 * Task queue of one load generator process of an experiment. One each, since of two workers on one queue either may get both
 * of two activities (measured: in 2 of 5 runs).
 */
export function loadGeneratorTaskQueue(experimentId: string, generator: number): string {
  return `loadgen-${experimentId}-${generator}`;
}

/** Temporal Schedule that has the reaper run; its memo names the installation that the namespace belongs to. */
export const reaperScheduleId = 'reaper';

/** Workflow id of what destroys an orphan: of two that want to, one does. */
export function orphanWorkflowId(experimentId: string): string {
  return `reaper-orphan-${experimentId}`;
}

/**
 * The target by whose name a target's run queue is known. A cluster of the user's is measured by load generators on this
 * machine, so that it shares the turns of what runs there itself.
 */
export function queueTarget(target: string): string {
  return target === 'existing' ? 'local' : target;
}

/** Every target whose experiments wait in the queue of one. */
export function targetsOfQueue(target: string): string[] {
  return target === 'local' ? ['local', 'existing'] : [target];
}

/** Workflow id of the run queue of a target. */
export function runQueueId(target: string): string {
  return `run-queue-${queueTarget(target)}`;
}

export const messageNames = {
  /** Signal to an experiment or comparison, optionally with `{reason}`. */
  cancel: 'cancel',
  /** Update to an experiment that needs an operator, optionally with `{breakLock}`. */
  retryDestroy: 'retryDestroy',
  /** Update to an experiment that is kept: `{minutes}`; answers `{keptUntil}`. */
  extend: 'extend',
  /** Signal from an experiment to its comparison: `{experimentId}` needs an operator. */
  variantWaits: 'variantWaits',
  /** Query of an experiment or comparison. */
  progress: 'progress',
  /** Signal to the run queue: a waiter asks, or asks again. */
  requestSlot: 'requestSlot',
  /** Signal to the run queue: the run of a holder, or waiter, is done; without `runId`, whichever it is. */
  releaseSlot: 'releaseSlot',
  /** Signal from the run queue to a waiter: it holds the slot. `{position: 0}`, since 0.1.0 told every position. */
  slot: 'slot',
  /** Query of the run queue: who holds and who waits. */
  queue: 'queue',
  /** Query of the run queue, by an experiment's id: its place, however long the queue. */
  ticket: 'ticket',
} as const;

/** Search attributes of experiments; comparisons have the outcome too. */
export const searchAttributeNames = {
  technology: 'ComparatorTechnology',
  target: 'ComparatorTarget',
  phase: 'ComparatorPhase',
  outcome: 'ComparatorOutcome',
  needsOperator: 'ComparatorNeedsOperator',
} as const;

/** Their Temporal types; a worker refuses to start without them. */
export const searchAttributes = {
  [searchAttributeNames.technology]: 'Keyword',
  [searchAttributeNames.target]: 'Keyword',
  [searchAttributeNames.phase]: 'Keyword',
  [searchAttributeNames.outcome]: 'Keyword',
  [searchAttributeNames.needsOperator]: 'Bool',
} as const;
