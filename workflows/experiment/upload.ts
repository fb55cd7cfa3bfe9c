import type { Probe } from '../../src/contracts/documents/progress.ts';
import type { Capacity } from '../../src/contracts/documents/result.ts';
import { searchOf } from '../../src/contracts/input/load/schedule.ts';
import type { Load } from '../../src/contracts/input/workload.ts';
import { results } from '../activity-proxies.ts';
import { describeFailure } from '../failures.ts';
import { type AcceptedState, outcomeOf } from './state.ts';

/** Stores the result, once. A failure is kept in the state and thrown to nobody: it never skips the destroy. */
export async function uploadResult(state: AcceptedState): Promise<void> {
  if (state.uploaded) return;
  const { spec } = state.ref;
  try {
    const {
      resultKey,
      summary,
      verdicts = [],
      failure = null,
      page,
    } = await results.assembleResult({
      experimentId: state.id,
      spec,
      timeline: state.timeline,
      restarts: state.restarts,
      partial: state.partial,
      partKeys: state.partKeys,
      provisioned: state.provisioned,
      opened: state.opened,
      capacity: capacityOf(spec.workload.load, state.probes),
      ...(state.rungs.length > 0 ? { rungs: state.rungs } : {}),
      failure: state.failure,
    });
    state.failure ??= failure;
    state.uploaded = {
      outcome: outcomeOf(state),
      resultKey,
      summary,
      verdicts,
      ...(page === undefined ? {} : { page }),
    };
  } catch (error) {
    const { message } = describeFailure(error, 'uploading');
    state.failure ??= {
      code: 'upload-failed',
      phase: 'uploading',
      message: `The result could not be stored: ${message}`,
      diagnostics: [],
    };
  }
}

/** Tries once more what failed before the destroy. */
export async function uploadAfterDestroy(state: AcceptedState): Promise<void> {
  if (state.uploaded) return;
  await uploadResult(state);
  if (state.uploaded && state.failure?.code === 'upload-failed') state.failure = null;
}

/** What a search came to, null for another load. Sustained is what was sustained for the whole measured time. */
function capacityOf(load: Load, probes: Probe[]): Capacity | null {
  if (!searchOf(load)) return null;
  const held = probes.find(({ hold, sustained }) => hold && sustained);
  const tried = probes.filter(({ rung }) => !rung);
  return { sustainableMessagesPerSecond: held?.messagesPerSecond ?? null, probes: tried };
}
