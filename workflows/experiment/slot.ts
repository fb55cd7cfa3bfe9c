import { condition } from '@temporalio/workflow';
import { control, infrastructure } from '../activity-proxies.ts';
import { enter } from './search-attributes.ts';
import type { AcceptedState } from './state.ts';

/** How often a waiter asks the run queue again, so that a terminated queue strands nobody. */
const askAgainMs = 20_000;

/** Waits in the run queue until this run holds a slot of its target. */
export async function holdSlot(state: AcceptedState): Promise<void> {
  while (!(state.slotGranted && (await checkSlot(state)))) {
    state.slotGranted = false;
    enter(state, 'queued');
    await control.requestSlot({ ...slotOf(state), submittedAt: state.submittedAt });
    await condition(() => state.slotGranted, askAgainMs);
  }
  state.queuePosition = null;
  state.startedAt ??= new Date(Date.now()).toISOString();
}

/** After a reset, slot and infrastructure may belong to the run that was reset. */
export async function ownsEverything(state: AcceptedState): Promise<boolean> {
  state.slotGranted = await checkSlot(state);
  return state.slotGranted && (await infrastructure.ownsInfrastructure(state.ref));
}

export async function releaseSlot(state: AcceptedState): Promise<void> {
  await control.releaseSlot(slotOf(state));
}

/** Whether this very run holds it; learns which run this is. */
async function checkSlot(state: AcceptedState): Promise<boolean> {
  const { held, runId } = await control.checkSlot(slotOf(state));
  state.ref.runId = runId;
  return held;
}

function slotOf({ id, ref }: AcceptedState) {
  return { target: ref.spec.target, experimentId: id };
}
