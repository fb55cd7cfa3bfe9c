import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { failureCodes } from '../../src/contracts/documents/failure-codes.ts';
import type {
  ExperimentProgress,
  Failure,
  OperatorNotice,
  Outcome,
  Phase,
  Probe,
  TimelineEntry,
} from '../../src/contracts/documents/progress.ts';
import type { Capacity } from '../../src/contracts/documents/result.ts';
import { type AcceptedExperiment, failureTypes } from '../../src/contracts/temporal/control-activities.ts';
import type {
  InfrastructureRef,
  ProvisionOutput,
} from '../../src/contracts/temporal/infrastructure-activities.ts';
import type { OpenSessionOutput } from '../../src/contracts/temporal/loadgen-activities.ts';
import { messageNames, searchAttributeNames } from '../../src/contracts/temporal/names.ts';
import type { ExperimentWorkflowResult } from '../../src/contracts/temporal/workflows.ts';
import { control, destruction, infrastructure, results } from '../activity-proxies.ts';
import { describeFailure, isOfType, isParticipantLost, operatorNotice } from '../failures.ts';
import { Stopper, type StopRequest } from '../stopper.ts';
import { destroyBackoffMs, needsOperatorAfterFailures } from './destroy-backoff.ts';
import { runLoad } from './load-phase.ts';
import { enterPhase } from './timeline.ts';

const cancelSignal = defineSignal<[{ reason?: string } | undefined]>(messageNames.cancel);
const slotSignal = defineSignal<[{ position: number }]>(messageNames.slot);
const retryDestroyUpdate = defineUpdate<{ accepted: true }, [{ breakLock?: string } | undefined]>(
  messageNames.retryDestroy,
);
const progressQuery = defineQuery<ExperimentProgress>(messageNames.progress);

/** How often the load phase is started over after a participant was lost. */
const maxRestarts = 2;
/** Tries of a provisioning that terraform itself says has failed. */
const maxProvisionTries = 2;
/** How often a waiter asks the run queue again, so that a terminated queue strands nobody. */
const askAgainMs = 20_000;
/** Events after which a workflow that cannot destroy goes on as new; Temporal's limit is 51,200. */
const longHistoryEvents = 4_000;

/** Everything an experiment knows; plain data, so that it survives continue-as-new. */
interface State {
  ref: InfrastructureRef;
  comparisonId: string | null;
  emulated: boolean;
  submittedAt: string;
  startedAt: string | null;
  timeline: TimelineEntry[];
  restarts: number;
  /** Counts up over all attempts of the load; leftovers of an earlier one are recognised by it. */
  session: number;
  mustDestroy: boolean;
  partial: boolean;
  partKeys: string[];
  provisioned: ProvisionOutput | null;
  opened: OpenSessionOutput[];
  probes: Probe[];
  failure: Failure | null;
  uploaded: ExperimentWorkflowResult | null;
  destroyFailures: number;
  operator: OperatorNotice | null;
  stop: StopRequest | null;
}

/**
 * One technology with one set of settings under one load: provisions, measures, stores the result, and closes only once
 * nothing of it is left alive.
 */
export async function experiment(input: unknown, resumed?: State): Promise<ExperimentWorkflowResult> {
  // A second argument typed by hand is not a continuation.
  const carried = workflowInfo().continuedFromExecutionRunId ? resumed : undefined;
  const run = new ExperimentRun(carried);
  return await CancellationScope.nonCancellable(() => run.main(input));
}

class ExperimentRun {
  readonly #id = workflowInfo().workflowId;
  readonly #stopper = new Stopper();
  #state: State | null;
  #phase: Phase;
  #timeline: TimelineEntry[];
  #outcome: Outcome | null = null;
  #refusal: Failure | null = null;
  #queuePosition: number | null = null;
  #slotGranted = false;
  #retryDestroy: { breakLock?: string } | null = null;
  #waitingToDestroy = false;

  constructor(carried: State | undefined) {
    this.#state = carried ?? null;
    this.#timeline = carried?.timeline ?? [];
    this.#phase = this.#timeline.at(-1)?.phase ?? 'queued';
    if (carried?.stop) this.#stopper.request = carried.stop;
    setHandler(cancelSignal, (payload) => this.#stopper.stop(payload?.reason ?? null));
    setHandler(slotSignal, ({ position }) => {
      this.#queuePosition = position;
      if (position === 0) this.#slotGranted = true;
    });
    setHandler(progressQuery, () => this.#progress());
    setHandler(
      retryDestroyUpdate,
      (payload) => {
        this.#retryDestroy = payload ?? {};
        return { accepted: true };
      },
      {
        validator: (_payload: { breakLock?: string } | undefined) => {
          if (!this.#waitingToDestroy) {
            throw new Error(`nothing waits for a retry: the experiment is ${this.#phase}`);
          }
        },
      },
    );
  }

  async main(input: unknown): Promise<ExperimentWorkflowResult> {
    if (this.#state === null) {
      this.#enter('queued');
      if (!(await this.#accept(input))) return this.#close();
      await this.#perform();
    }
    await this.#destroyUntilGone();
    return this.#finish();
  }

  /** Answers false when it was refused, or cancelled before it had been looked at: nothing has begun yet. */
  async #accept(input: unknown): Promise<boolean> {
    const submittedAt = workflowInfo().startTime.toISOString();
    let accepted: AcceptedExperiment;
    try {
      accepted = await this.#stopper.interruptible(() =>
        control.acceptExperiment({ experimentId: this.#id, input, submittedAt }),
      );
    } catch (error) {
      if (!this.#stopper.request) this.#refusal = describeFailure(error, 'queued');
      return false;
    }
    this.#state = {
      ref: { experimentId: this.#id, runId: accepted.runId, spec: accepted.spec },
      comparisonId: accepted.comparisonId,
      emulated: accepted.emulated,
      submittedAt,
      startedAt: null,
      timeline: this.#timeline,
      restarts: 0,
      session: 0,
      mustDestroy: false,
      partial: false,
      partKeys: [],
      provisioned: null,
      opened: [],
      probes: [],
      failure: null,
      uploaded: null,
      destroyFailures: 0,
      operator: null,
      stop: null,
    };
    upsertSearchAttributes({
      [searchAttributeNames.technology]: [accepted.spec.technology],
      [searchAttributeNames.target]: [accepted.spec.target],
      [searchAttributeNames.needsOperator]: [false],
    });
    return true;
  }

  /** Slot, infrastructure, load, upload. Leaves what went wrong in the state; throws nothing. */
  async #perform(): Promise<void> {
    const state = this.#known();
    try {
      await this.#stopper.interruptible(() => this.#measure());
    } catch (error) {
      if (this.#stopper.request) state.partial = true;
      else state.failure = describeFailure(error, this.#phase);
    }
    this.#enter('uploading');
    await this.#upload();
  }

  /** Repeats the phase as a whole, with fresh processes, when a participant was lost. */
  async #measure(): Promise<void> {
    const state = this.#known();
    for (;;) {
      await this.#holdSlot();
      await this.#provision();
      if (!(await this.#ownsEverything())) continue;
      state.session += 1;
      try {
        await runLoad({
          ref: state.ref,
          session: state.session,
          provisioned: state.provisioned as ProvisionOutput,
          enter: (phase) => this.#enter(phase),
          stopRequested: () => this.#stopper.request !== null,
          probes: state.probes,
          addProbe: (probe) => {
            state.probes.push(probe);
          },
          keep: ({ opened, partKeys, partial }) => {
            state.opened = opened;
            state.partKeys = partKeys;
            state.partial = partial;
          },
        });
        return;
      } catch (error) {
        if (!isParticipantLost(error) || state.restarts >= maxRestarts) throw error;
        state.restarts += 1;
        state.opened = [];
        state.partKeys = [];
      }
    }
  }

  /** Waits in the run queue until this run holds the slot of its target. */
  async #holdSlot(): Promise<void> {
    const { ref, submittedAt } = this.#known();
    const slot = { target: ref.spec.target, experimentId: this.#id };
    for (;;) {
      if (this.#slotGranted) {
        const { held, runId } = await control.checkSlot(slot);
        ref.runId = runId;
        if (held) break;
      }
      this.#slotGranted = false;
      this.#enter('queued');
      await control.requestSlot({ ...slot, submittedAt });
      await condition(() => this.#slotGranted, askAgainMs);
    }
    this.#queuePosition = null;
    this.#known().startedAt ??= new Date(Date.now()).toISOString();
  }

  async #provision(): Promise<void> {
    const state = this.#known();
    // Before the first apply: a failed one leaves resources too.
    state.mustDestroy = true;
    this.#enter('provisioning');
    for (let tries = 1; ; tries += 1) {
      try {
        state.provisioned = await infrastructure.provision(state.ref);
        return;
      } catch (error) {
        if (!isOfType(error, failureTypes.terraformFailed) || tries >= maxProvisionTries) throw error;
      }
    }
  }

  /** After a reset, slot and infrastructure may belong to the run that was reset. */
  async #ownsEverything(): Promise<boolean> {
    const { ref } = this.#known();
    const { held, runId } = await control.checkSlot({ target: ref.spec.target, experimentId: this.#id });
    ref.runId = runId;
    this.#slotGranted = held;
    return held && (await infrastructure.ownsInfrastructure(ref));
  }

  /** Stores the result; a failure is tried again after the destroy, and never skips it. */
  async #upload(): Promise<void> {
    const state = this.#known();
    if (state.uploaded) return;
    try {
      const { resultKey, summary } = await results.assembleResult({
        experimentId: this.#id,
        spec: state.ref.spec,
        timeline: this.#timeline,
        restarts: state.restarts,
        partial: state.partial,
        partKeys: state.partKeys,
        provisioned: state.provisioned,
        opened: state.opened,
        capacity: this.#capacity(),
        failure: state.failure,
      });
      state.uploaded = { outcome: this.#finalOutcome(), resultKey, summary };
    } catch (error) {
      const { message } = describeFailure(error, 'uploading');
      state.failure ??= {
        code: failureCodes.uploadFailed,
        phase: 'uploading',
        message: `The result could not be stored: ${message}`,
        diagnostics: [],
      };
    }
  }

  /** Sustained is what was sustained for the whole measured time. */
  #capacity(): Capacity | null {
    const { ref, probes } = this.#known();
    if (ref.spec.workload.load.shape !== 'capacity-search') return null;
    const held = probes.find(({ hold, sustained }) => hold && sustained);
    return { sustainableMessagesPerSecond: held?.messagesPerSecond ?? null, probes };
  }

  /** Ends only once the inventory is empty: tries, waits, asks for a person, and tries again, for ever. */
  async #destroyUntilGone(): Promise<void> {
    const state = this.#known();
    if (!state.mustDestroy) return;
    let breakLock: string | undefined;
    for (;;) {
      this.#enter('destroying');
      try {
        await destruction.destroy({ ...state.ref, ...(breakLock ? { breakLock } : {}) });
        this.#setOperator(null);
        return;
      } catch (error) {
        breakLock = await this.#waitToRetryDestroy(error);
      }
    }
  }

  /** Returns the lock that a person confirmed to be dead, if one did. */
  async #waitToRetryDestroy(error: unknown): Promise<string | undefined> {
    const state = this.#known();
    state.destroyFailures += 1;
    const waitMs = destroyBackoffMs(state.destroyFailures);
    // From now on: whoever sees that a person is needed may retry at once.
    this.#waitingToDestroy = true;
    const notice = operatorNotice(error);
    if (notice || state.destroyFailures >= needsOperatorAfterFailures) {
      const failure = describeFailure(error, 'destroying');
      this.#setOperator({
        reason: notice?.reason ?? failure.message,
        actions: notice?.actions.length
          ? notice.actions
          : ['Remove what stands in the way, then retry the destroy; it is also retried by itself.'],
        attempts: state.destroyFailures,
        nextRetryAt: new Date(Date.now() + waitMs).toISOString(),
      });
      this.#enter('needs-operator');
      await control.recordExperiment(this.#record());
    }
    await condition(() => this.#retryDestroy !== null, waitMs);
    this.#waitingToDestroy = false;
    const breakLock = this.#retryDestroy?.breakLock;
    this.#retryDestroy = null;
    if (workflowInfo().historyLength > longHistoryEvents || workflowInfo().continueAsNewSuggested) {
      const carried: State = { ...state, timeline: this.#timeline, stop: this.#stopper.request };
      await continueAsNew<typeof experiment>(
        { spec: state.ref.spec, comparisonId: state.comparisonId },
        carried,
      );
    }
    return breakLock;
  }

  async #finish(): Promise<ExperimentWorkflowResult> {
    const state = this.#known();
    if (!state.uploaded) {
      await this.#upload();
      if (state.uploaded && state.failure?.code === failureCodes.uploadFailed) state.failure = null;
    }
    await control.releaseSlot({ target: state.ref.spec.target, experimentId: this.#id });
    this.#outcome = this.#finalOutcome();
    this.#enter('closed');
    await control.recordExperiment(this.#record());
    return this.#close();
  }

  /** A failure outweighs a cancellation only when it came first; then the record keeps both. */
  #finalOutcome(): Outcome {
    if (this.#failure()) return 'failed';
    return this.#stopper.request ? 'cancelled' : 'completed';
  }

  /** Signal: Completed; Temporal cancellation: Canceled; failure: Failed. */
  #close(): ExperimentWorkflowResult {
    const outcome = this.#finalOutcome();
    this.#outcome = outcome;
    this.#enter('closed');
    upsertSearchAttributes({ [searchAttributeNames.outcome]: [outcome] });
    const failure = this.#failure();
    if (failure) throw ApplicationFailure.nonRetryable(failure.message, failure.code, failure);
    if (this.#stopper.cancelledByTemporal) throw new CancelledFailure('cancelled, nothing left alive');
    return { resultKey: null, summary: null, ...this.#state?.uploaded, outcome };
  }

  #failure(): Failure | null {
    return this.#refusal ?? this.#state?.failure ?? null;
  }

  #known(): State {
    if (this.#state === null) throw ApplicationFailure.nonRetryable('no experiment has been accepted');
    return this.#state;
  }

  #enter(phase: Phase): void {
    this.#timeline = enterPhase(this.#timeline, phase, Date.now());
    if (this.#state) this.#state.timeline = this.#timeline;
    if (phase === this.#phase && this.#timeline.length > 1) return;
    this.#phase = phase;
    upsertSearchAttributes({ [searchAttributeNames.phase]: [phase] });
  }

  #setOperator(operator: OperatorNotice | null): void {
    const state = this.#known();
    if (operator === null && state.operator === null) return;
    state.operator = operator;
    upsertSearchAttributes({ [searchAttributeNames.needsOperator]: [operator !== null] });
  }

  #progress(): ExperimentProgress {
    const last = this.#timeline.at(-1);
    const request = this.#stopper.request;
    return {
      phase: this.#phase,
      outcome: this.#outcome,
      queuePosition: this.#phase === 'queued' ? this.#queuePosition : null,
      startedAt: this.#state?.startedAt ?? null,
      endedAt: this.#phase === 'closed' ? (last?.endedAt ?? null) : null,
      cancelRequestedAt: request ? new Date(request.atEpochMs).toISOString() : null,
      timeline: this.#timeline,
      restarts: this.#state?.restarts ?? 0,
      probes: this.#state?.probes ?? [],
      failure: this.#failure(),
      operator: this.#state?.operator ?? null,
    };
  }

  #record() {
    const state = this.#known();
    const { spec } = state.ref;
    return {
      ...this.#progress(),
      id: this.#id,
      name: spec.name,
      technology: spec.technology,
      target: spec.target,
      emulated: state.emulated,
      comparisonId: state.comparisonId,
      submittedAt: state.submittedAt,
      spec,
      hasResult: state.uploaded !== null,
    };
  }
}
