import { ApplicationFailure, condition, isCancellation, patched } from '@temporalio/workflow';
import { control, slotCheck } from '../activity-proxies.ts';
import { atHome } from '../at-home.ts';
import { changes } from '../changes.ts';
import { lastReason } from '../failures.ts';
import { goOnAsNew, isHistoryLong } from './go-on-as-new.ts';
import { enter } from './search-attributes.ts';
import type { AcceptedState } from './state.ts';

/** When to ask again, where an activity of 0.1.0 did not say it. */
const askAgainMs = 600_000;

/** Waits in the run queue until this run holds a slot of its target. */
export async function holdSlot(state: AcceptedState): Promise<void> {
  while (!(state.slotGranted && (await checkSlot(state)))) {
    state.slotGranted = false;
    enter(state, 'queued');
    if (isHistoryLong(state) && patched(changes.waitAsNew)) await goOnAsNew(state);
    const asked = await control.requestSlot({ ...slotOf(state), submittedAt: state.submittedAt });
    await condition(() => state.slotGranted, asked?.askAgainMs ?? askAgainMs, {
      summary: 'Waits for its turn; then asks again',
    });
  }
  state.startedAt ??= new Date(Date.now()).toISOString();
}

/** After a reset, slot and infrastructure may belong to the run that was reset. */
export async function ownsEverything(state: AcceptedState): Promise<boolean> {
  state.slotGranted = await checkSlot(state);
  return state.slotGranted && (await atHome(state, (home) => home.ownsInfrastructure(state.ref)));
}

export async function releaseSlot(state: AcceptedState): Promise<void> {
  await control.releaseSlot(slotOf(state));
}

/** Whether this very run holds it; learns which run this is. What may be alive does not wait for the answer for ever. */
async function checkSlot(state: AcceptedState): Promise<boolean> {
  const { provisionForMs } = state.limits;
  try {
    const { held, runId } = await slotCheck(provisionForMs).checkSlot(slotOf(state));
    state.ref.runId = runId;
    return held;
  } catch (error) {
    if (isCancellation(error)) throw error;
    const seconds = Math.round(provisionForMs / 1_000);
    throw ApplicationFailure.nonRetryable(
      `The run queue did not say within ${seconds} s whether it is this experiment’s turn: ${lastReason(error)}`,
    );
  }
}

function slotOf({ id, ref }: AcceptedState) {
  return { target: ref.spec.target, experimentId: id };
}
