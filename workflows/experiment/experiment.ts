/**
 * One experiment, from whatever it was started with to an empty inventory. Its phases, as its timeline names them:
 *
 *   queued           the input is accepted, then a slot of the target's run queue waited for (slot.ts)
 *   provisioning     the technology's Terraform root is applied
 *   warming-up       every load generator opens a session (load-phase.ts, which also does the next two)
 *   measuring        they run the schedule together, or one probe of a capacity search after the other
 *   draining         everything was sent, and the consumers get what is still under way
 *   uploading        the result is stored (upload.ts); a failure is tried again after the destroy
 *   kept             where it asks for it (keep.ts): it stays as it is, for people to look inside
 *   destroying       tried for ever until nothing is alive (destroy-until-gone.ts); `needs-operator` in between. Always:
 *                    what a run before it left under this id is this run's too
 *   closed           the slot is given back, the record written
 *
 * A load generator that is lost starts it over from the slot on. A cancel breaks off whatever runs before the upload,
 * and so does a failure; upload and destroy follow all the same. One that comes while it is kept ends that alone.
 */
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  ContinueAsNew,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  patched,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { ExperimentProgress } from '../../src/contracts/documents/progress.ts';
import { type AcceptedExperiment, failureTypes } from '../../src/contracts/temporal/control-activities.ts';
import { messageNames } from '../../src/contracts/temporal/names.ts';
import type { ExperimentWorkflowResult } from '../../src/contracts/temporal/workflows.ts';
import { accepting, control } from '../activity-proxies.ts';
import { askWhichHome, atHome } from '../at-home.ts';
import { changes } from '../changes.ts';
import { describeFailure, isOfType, isParticipantLost } from '../failures.ts';
import { extended, isWorthKeeping, keep } from '../keep.ts';
import { fieldOf } from '../payload.ts';
import { Stopper } from '../stopper.ts';
import { limitTime } from '../time-limit.ts';
import { showDetails } from './current-details.ts';
import { backoffMs, destroyUntilGone } from './destroy-until-gone.ts';
import { runLoad } from './load-phase.ts';
import { progressOf, recordOf } from './progress.ts';
import { enter, setOutcome, showAccepted } from './search-attributes.ts';
import { holdSlot, ownsEverything, releaseSlot } from './slot.ts';
import {
  type AcceptedState,
  type CarriedState,
  initialState,
  outcomeOf,
  type ProvisionedState,
  phaseOf,
  resumedState,
  type State,
} from './state.ts';
import { uploadAfterDestroy, uploadResult } from './upload.ts';

const cancelSignal = defineSignal<[{ reason?: unknown; by?: unknown } | undefined]>(messageNames.cancel);
const slotSignal = defineSignal<[unknown]>(messageNames.slot);
const retryDestroyUpdate = defineUpdate<{ accepted: true }, [{ breakLock?: string } | undefined]>(
  messageNames.retryDestroy,
);
const extendUpdate = defineUpdate<{ keptUntil: string }, [{ minutes?: unknown } | undefined]>(
  messageNames.extend,
);
const progressQuery = defineQuery<ExperimentProgress>(messageNames.progress);

export async function experiment(input: unknown, carried?: CarriedState): Promise<ExperimentWorkflowResult> {
  const { workflowId, startTime, continuedFromExecutionRunId } = workflowInfo();
  // A second argument typed by hand is not a continuation.
  const resumed = continuedFromExecutionRunId && carried ? resumedState(workflowId, carried) : null;
  const state = resumed ?? initialState(workflowId, startTime.toISOString());
  const stopper = new Stopper(state);
  answerMessages(state, stopper);
  answerExtensions(state);
  return await CancellationScope.nonCancellable(async () => {
    const accepted = resumed ?? (await accept(state, stopper, input));
    if (!accepted) {
      await destroyEarlier(state);
      return close(state, stopper);
    }
    if (phaseOf(accepted) === 'queued') await perform(accepted, stopper);
    await destroyUntilGone(accepted);
    return await finish(accepted, stopper);
  });
}

function answerMessages(state: State, stopper: Stopper): void {
  setHandler(
    cancelSignal,
    (payload) => {
      stopper.stop(payload?.reason, payload?.by);
      showDetails(state);
    },
    {
      description: 'Stops the load, keeps what was measured, destroys everything; optionally {"reason": "…"}',
    },
  );
  setHandler(
    slotSignal,
    (payload) => {
      if (fieldOf(payload, 'position') === 0) state.slotGranted = true;
    },
    { description: 'Of the run queue, not for people: it is this experiment’s turn' },
  );
  setHandler(progressQuery, () => progressOf(state), {
    description:
      'Phase, timeline, probes of a search, failure, what a person is asked for, key of the result',
  });
  setHandler(
    retryDestroyUpdate,
    (payload) => {
      state.retryDestroy = payload ?? {};
      return { accepted: true };
    },
    {
      description:
        'Tries a destroy again that needs an operator; {"breakLock": "<lock id>"} confirms that the holder of a state lock is dead',
      validator: (_payload: { breakLock?: string } | undefined) => {
        if (state.waitingToDestroy) return;
        throw new Error(`nothing waits for a retry: the experiment is ${phaseOf(state)}`);
      },
    },
  );
}

function answerExtensions(state: State): void {
  setHandler(
    extendUpdate,
    (payload) => {
      const answer = extended(state, payload?.minutes);
      if ('refused' in answer) throw ApplicationFailure.nonRetryable(answer.refused);
      state.kept = answer.kept;
      showDetails(state);
      return { keptUntil: new Date(answer.kept.untilEpochMs).toISOString() };
    },
    {
      description:
        'Keeps what was measured for longer, while it is kept to look inside: {"minutes": 30} from the present end on',
      validator: (payload: { minutes?: unknown } | undefined) => {
        const answer = extended(state, payload?.minutes);
        if ('refused' in answer) throw new Error(answer.refused);
      },
    },
  );
}

/** Slot, infrastructure, load, upload, keeping. What went wrong is left in the state and thrown to nobody. */
async function perform(state: AcceptedState, stopper: Stopper): Promise<void> {
  try {
    await stopper.interruptible(() => measure(state, stopper));
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    if (state.stop) state.partial = true;
    else state.failure = describeFailure(error, phaseOf(state));
  }
  const worthKeeping = isWorthKeeping(state);
  enter(state, 'uploading');
  await uploadResult(state);
  if (worthKeeping) await keep(state);
}

/** @returns null when the input was refused */
async function accept(state: State, stopper: Stopper, input: unknown): Promise<AcceptedState | null> {
  enter(state, 'queued');
  const { id: experimentId, submittedAt } = state;
  const ask = () => accepting.acceptExperiment({ experimentId, input, submittedAt });
  let answer: AcceptedExperiment;
  try {
    // A cancel waits for it: without the spec, nothing that an earlier run of this id left could be destroyed.
    answer = patched(changes.acceptToItsEnd) ? await ask() : await stopper.interruptible(ask);
  } catch (error) {
    if (!state.stop) state.failure = describeFailure(error, 'queued');
    return null;
  }
  const { spec, runId, comparisonId, submittedBy = null, emulated, home = null } = answer;
  const limits = { ...state.limits, ...answer.limits };
  const accepted = Object.assign(state, {
    ref: { experimentId, runId, spec },
    home: patched(changes.homeQueue) ? home : null,
    comparisonId,
    submittedBy,
    emulated,
    limits,
  });
  showAccepted(accepted);
  return accepted;
}

/** What an earlier run of this id left alive is destroyed by its own spec, though this run's input was refused. */
async function destroyEarlier(state: State): Promise<void> {
  if (!patched(changes.destroyThoughRefused)) return;
  const { left } = await control.findLeft({ experimentId: state.id });
  if (!left) return;
  const earlier = Object.assign(state, { ref: left });
  if (patched(changes.homeQueue)) await askWhichHome(earlier);
  await destroyUntilGone(earlier);
  await releaseSlot(earlier);
}

/** Repeats the phases as a whole, with fresh processes, when a participant was lost. */
async function measure(state: AcceptedState, stopper: Stopper): Promise<void> {
  const time: { limit: CancellationScope | null } = { limit: null };
  try {
    await measureInTurn(state, () => {
      time.limit ??= limitTime(state, stopper);
    });
  } finally {
    time.limit?.cancel();
  }
}

/** @param onSlot told whenever it is its turn */
async function measureInTurn(state: AcceptedState, onSlot: () => void): Promise<void> {
  for (;;) {
    await holdSlot(state);
    onSlot();
    const provisioned = await provision(state);
    if (!(await ownsEverything(state))) {
      await waitToProvisionAgain(state);
      continue;
    }
    state.disowned = 0;
    state.session += 1;
    try {
      return await runLoad(provisioned);
    } catch (error) {
      if (!isParticipantLost(error) || state.restarts >= state.limits.loadRestarts) throw error;
      state.restarts += 1;
      state.opened = [];
      state.partKeys = [];
    }
  }
}

/** After a reset it is as it should be once; a product that dies again and again must not keep its slot for ever. */
async function waitToProvisionAgain(state: AcceptedState): Promise<void> {
  state.disowned += 1;
  if (state.disowned === 1 || !patched(changes.boundedProvisioning)) return;
  if (state.disowned > state.limits.disownedInARow) {
    throw ApplicationFailure.nonRetryable(
      `What was provisioned was gone ${state.disowned} times in a row, before a load could begin.`,
      failureTypes.infrastructureLost,
    );
  }
  await sleep(backoffMs(state.disowned), { summary: 'What was provisioned is gone: a pause' });
}

async function provision(state: AcceptedState): Promise<ProvisionedState> {
  enter(state, 'provisioning');
  for (let tries = 1; ; tries += 1) {
    try {
      return Object.assign(state, {
        provisioned: await atHome(state, (home) => home.provision(state.ref)),
      });
    } catch (error) {
      if (!isOfType(error, failureTypes.terraformFailed) || tries >= state.limits.provisionTries) throw error;
    }
  }
}

async function finish(state: AcceptedState, stopper: Stopper): Promise<ExperimentWorkflowResult> {
  await uploadAfterDestroy(state);
  await releaseSlot(state);
  state.outcome = outcomeOf(state);
  enter(state, 'closed');
  await control.recordExperiment(recordOf(state));
  return close(state, stopper);
}

/** Signal: Completed; Temporal cancellation: Canceled; failure: Failed. */
async function close(state: State, stopper: Stopper): Promise<ExperimentWorkflowResult> {
  const outcome = outcomeOf(state);
  enter(state, 'closed');
  setOutcome(state, outcome);
  const { failure } = state;
  if (failure) throw ApplicationFailure.nonRetryable(failure.message, failure.code, failure);
  if (stopper.cancelledByTemporal && !state.stop?.whileKept) {
    if (!stopper.cancelledHere) await control.cancelAgain({ experimentId: state.id });
    await condition(() => stopper.cancelledHere);
    throw new CancelledFailure('cancelled, nothing left alive');
  }
  return { resultKey: null, summary: null, verdicts: [], ...state.uploaded, outcome };
}
