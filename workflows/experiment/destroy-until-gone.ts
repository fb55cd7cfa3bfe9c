import { condition, continueAsNew, patched, workflowInfo } from '@temporalio/workflow';
import type { OperatorNotice } from '../../src/contracts/documents/progress.ts';
import { control, destruction } from '../activity-proxies.ts';
import { changes } from '../changes.ts';
import { describeFailure, operatorNotice } from '../failures.ts';
import { destroyBackoffMs, needsOperatorAfterFailures } from './destroy-backoff.ts';
import { recordOf } from './progress.ts';
import { enter, setOperator } from './search-attributes.ts';
import type { AcceptedState, ResumeExperiment } from './state.ts';

/** Events after which a workflow that cannot destroy goes on as new; Temporal's limit is 51,200. */
const longHistoryEvents = 4_000;

/** Ends only once the inventory is empty: tries, waits, asks for a person, and tries again, for ever. */
export async function destroyUntilGone(state: AcceptedState): Promise<void> {
  const provisioned = state.timeline.some(({ phase }) => phase === 'provisioning');
  if (!provisioned && !patched(changes.alwaysDestroy)) return;
  let breakLock: string | undefined;
  for (;;) {
    enter(state, 'destroying');
    try {
      await destruction.destroy({ ...state.ref, ...(breakLock ? { breakLock } : {}) });
      setOperator(state, null);
      return;
    } catch (error) {
      breakLock = await waitToRetry(state, error);
    }
    await goOnAsNewWhenLong(state);
  }
}

/** Returns the lock that a person confirmed to be dead, if one did. */
async function waitToRetry(state: AcceptedState, error: unknown): Promise<string | undefined> {
  state.destroyFailures += 1;
  // From now on: whoever sees that a person is needed may retry at once.
  state.waitingToDestroy = true;
  const notice = operatorNoticeAfter(error, state.destroyFailures, Date.now());
  if (notice) {
    setOperator(state, notice);
    enter(state, 'needs-operator');
    await control.recordExperiment(recordOf(state));
  }
  await condition(() => state.retryDestroy !== null, destroyBackoffMs(state.destroyFailures));
  state.waitingToDestroy = false;
  const breakLock = state.retryDestroy?.breakLock;
  state.retryDestroy = null;
  return breakLock;
}

async function goOnAsNewWhenLong(state: AcceptedState): Promise<void> {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  if (historyLength <= longHistoryEvents && !continueAsNewSuggested) return;
  const input = { spec: state.ref.spec, comparisonId: state.comparisonId };
  await continueAsNew<ResumeExperiment>(input, state);
}

/**
 * What a person is asked after a destroy that failed, or null while it is only tried again.
 * @param failures how many tries have failed, this one included
 */
export function operatorNoticeAfter(error: unknown, failures: number, nowMs: number): OperatorNotice | null {
  const asked = operatorNotice(error);
  if (!asked && failures < needsOperatorAfterFailures) return null;
  return {
    reason: asked?.reason ?? describeFailure(error, 'destroying').message,
    actions: asked?.actions.length
      ? asked.actions
      : ['Remove what stands in the way, then retry the destroy; it is also retried by itself.'],
    attempts: failures,
    nextRetryAt: new Date(nowMs + destroyBackoffMs(failures)).toISOString(),
  };
}
