import { CancellationScope, patched, sleep } from '@temporalio/workflow';
import { failureCodes } from '../src/contracts/documents/failure-codes.ts';
import { changes } from './changes.ts';
import { type AcceptedState, phaseOf } from './experiment/state.ts';
import type { Stopper } from './stopper.ts';

/**
 * Ends what an experiment does once its infrastructure has stood for as long as its budget allows, as a cancel would: what
 * was measured is kept, and everything destroyed. It counts from the slot on, before which there is nothing.
 * @returns what gives the limit up; null where there is none
 */
export function limitTime(state: AcceptedState, stopper: Stopper): CancellationScope | null {
  const overMs = timeIsOverMs(state);
  const { budget } = state.ref.spec;
  if (overMs === null || !budget || !patched(changes.timeLimit)) return null;
  const leftMs = Math.max(1, overMs - Date.now());
  const scope = new CancellationScope({ cancellable: true });
  scope
    .run(() => sleep(leftMs, { summary: 'Until it is destroyed, whatever it does: budget.maxMinutes' }))
    .then(
      () => {
        const message = `It took longer than the ${budget.maxMinutes} minutes of its budget.maxMinutes; what it had made is destroyed.`;
        state.failure ??= { code: failureCodes.timeLimit, phase: phaseOf(state), message, diagnostics: [] };
        stopper.stop(message);
      },
      () => {},
    );
  return scope;
}

/** When what it has made may stand no longer, in ms since 1970, by its budget; null where nothing is rented. */
export function timeIsOverMs({ ref, startedAt }: AcceptedState): number | null {
  const { target, budget } = ref.spec;
  if (target !== 'aws' || !budget) return null;
  return (Date.parse(startedAt ?? '') || Date.now()) + budget.maxMinutes * 60_000;
}
