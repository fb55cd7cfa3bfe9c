import {
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import type { OperatorNotice } from '../../src/contracts/documents/progress.ts';
import { failureTypes } from '../../src/contracts/temporal/control-activities.ts';
import { messageNames } from '../../src/contracts/temporal/names.ts';
import { destruction, noting, quiet } from '../activity-proxies.ts';
import { askWhichHome } from '../at-home.ts';
import { changes } from '../changes.ts';
import { describeFailure, isNotTakenUp, isOfType, operatorNotice } from '../failures.ts';
import { goOnAsNew, isHistoryLong } from './go-on-as-new.ts';
import { recordOf } from './progress.ts';
import { enter, setOperator } from './search-attributes.ts';
import type { AcceptedState } from './state.ts';

/** Wait in ms before the next try, after so many failures in a row: doubling from 1 s up to 5 minutes. */
export function backoffMs(failures: number): number {
  return Math.min(1_000 * 2 ** Math.max(0, failures - 1), 300_000);
}

/** Ends only once the inventory is empty: tries, waits, asks for a person, and tries again, for ever. */
export async function destroyUntilGone(state: AcceptedState): Promise<void> {
  const provisioned = state.timeline.some(({ phase }) => phase === 'provisioning');
  if (!provisioned && !patched(changes.alwaysDestroy)) return;
  let waited = false;
  for (;;) {
    enter(state, 'destroying');
    const asked = state.retryDestroy;
    state.retryDestroy = null;
    try {
      await tryToDestroy(state, asked, waited);
      setOperator(state, null);
      return;
    } catch (error) {
      waited = isOfType(error, failureTypes.notQuiet);
      if (waited) await untilQuiet(state);
      else if (isNotTakenUp(error)) {
        // What a person has asked for was not tried yet.
        state.retryDestroy ??= asked;
        await askWhichHome(state);
      } else await waitToRetry(state, error);
    }
    if (isHistoryLong(state)) await goOnAsNew(state);
  }
}

/** @param waited whether it has waited for the end of another's measurement already */
async function tryToDestroy(
  { ref, home, limits }: AcceptedState,
  asked: AcceptedState['retryDestroy'],
  waited: boolean,
): Promise<void> {
  await destruction(home, limits.takeUpMs).destroy({
    ...ref,
    ...(asked ? { asked: true as const } : {}),
    ...(asked?.breakLock ? { breakLock: asked.breakLock } : {}),
    ...(home === null ? {} : { whileMeasured: asked || waited ? 'go-on' : 'tell' }),
  });
}

/** Until nobody else is measured, which takes an hour at most, or a person asks for the destroy. */
async function untilQuiet(state: AcceptedState): Promise<void> {
  state.waitingToDestroy = true;
  const scope = new CancellationScope({ cancellable: true });
  const { target } = state.ref.spec;
  const looking = scope
    .run(() => quiet.awaitQuiet({ target, experimentId: state.id }))
    // Whatever keeps it from being seen keeps nobody from destroying.
    .catch(() => {});
  await Promise.race([looking, condition(() => state.retryDestroy !== null)]);
  scope.cancel();
  state.waitingToDestroy = false;
}

/** What a person asks for meanwhile stays in the state, for the next try. */
async function waitToRetry(state: AcceptedState, error: unknown): Promise<void> {
  state.destroyFailures += 1;
  // From now on: whoever sees that a person is needed may retry at once.
  state.waitingToDestroy = true;
  const { destroysBeforeOperator } = state.limits;
  const notice = operatorNoticeAfter(error, state.destroyFailures, Date.now(), destroysBeforeOperator);
  if (notice) {
    setOperator(state, notice);
    enter(state, 'needs-operator');
    await noting.recordExperiment(recordOf(state)).catch(() => {});
    await tellParent(state);
  }
  await condition(() => state.retryDestroy !== null, backoffMs(state.destroyFailures), {
    summary: 'Until the destroy is tried again',
  });
  state.waitingToDestroy = false;
}

/** A comparison goes on with its next variant meanwhile. Told once: it stays so until the experiment has closed. */
async function tellParent(state: AcceptedState): Promise<void> {
  const { parent } = workflowInfo();
  if (!parent || state.parentTold || !patched(changes.tellParent)) return;
  state.parentTold = true;
  const payload = { experimentId: state.id };
  // A comparison that no longer runs need not know.
  await getExternalWorkflowHandle(parent.workflowId)
    .signal(messageNames.variantWaits, payload)
    .catch(() => {});
}

/**
 * What a person is asked after a destroy that failed, or null while it is only tried again.
 * @param failures how many tries have failed, this one included
 * @param most failed tries after which a person is asked for, while the tries go on
 */
export function operatorNoticeAfter(
  error: unknown,
  failures: number,
  nowMs: number,
  most: number,
): OperatorNotice | null {
  const asked = operatorNotice(error);
  if (!asked && failures < most) return null;
  return {
    reason: asked?.reason ?? describeFailure(error, 'destroying').message,
    actions: asked?.actions.length
      ? asked.actions
      : ['Remove what stands in the way, then retry the destroy; it is also retried by itself.'],
    attempts: failures,
    nextRetryAt: new Date(nowMs + backoffMs(failures)).toISOString(),
  };
}
