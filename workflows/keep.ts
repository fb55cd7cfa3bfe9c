import { condition, patched } from '@temporalio/workflow';
import { loadPhases } from '../src/contracts/documents/phases.ts';
import { mostKeptMinutes } from '../src/contracts/input/keeping/kept.ts';
import { noting } from './activity-proxies.ts';
import { changes } from './changes.ts';
import { recordOf } from './experiment/progress.ts';
import { enter } from './experiment/search-attributes.ts';
import { type AcceptedState, type Kept, phaseOf, type State } from './experiment/state.ts';
import { timeIsOverMs } from './time-limit.ts';

const minuteMs = 60_000;

/** Whether its load was begun, and not stopped, so that there is something to look into; asked for before the upload. */
export function isWorthKeeping({ ref, provisioned, failure, stop }: AcceptedState): boolean {
  const { keepMinutes } = ref.spec;
  if (keepMinutes === undefined || provisioned === null || stop) return false;
  return failure === null || loadPhases.includes(failure.phase);
}

/**
 * Leaves what was measured as it is, slot and all, until its time is over or a cancel asks for the destroy. Nothing that
 * happens here changes what the experiment has come to.
 */
export async function keep(state: AcceptedState): Promise<void> {
  if (!patched(changes.keep)) return;
  const kept = keptFrom(Date.now(), state.ref.spec.keepMinutes ?? 0, timeIsOverMs(state));
  if (state.stop || kept.untilEpochMs <= Date.now()) return;
  state.kept = kept;
  enter(state, 'kept');
  await noting.recordExperiment(recordOf(state)).catch(() => {});
  const isStopped = () => state.stop !== null;
  for (;;) {
    const { untilEpochMs } = state.kept;
    const leftMs = untilEpochMs - Date.now();
    if (isStopped() || leftMs <= 0) break;
    await condition(() => isStopped() || state.kept?.untilEpochMs !== untilEpochMs, leftMs, {
      summary: 'Kept, to look inside; then it is destroyed',
    });
  }
  state.kept = null;
  state.stop = whileKept(state.stop);
}

function whileKept(stop: State['stop']): State['stop'] {
  return stop && { ...stop, whileKept: true };
}

/** @param limitEpochMs when it is destroyed whatever it does; null where nothing says so */
export function keptFrom(nowEpochMs: number, minutes: number, limitEpochMs: number | null): Kept {
  const mostEpochMs = nowEpochMs + mostKeptMinutes * minuteMs;
  const limited = limitEpochMs !== null && limitEpochMs < mostEpochMs;
  const latestEpochMs = limited ? limitEpochMs : mostEpochMs;
  return {
    untilEpochMs: Math.min(nowEpochMs + minutes * minuteMs, latestEpochMs),
    latestEpochMs,
    latestBy: limited ? 'budget' : 'most',
  };
}

/**
 * What an extension comes to: until when it is kept then, or why it is refused.
 * @param minutes as a person in the Web UI may have typed them
 */
export function extended(
  state: Pick<State, 'kept' | 'timeline'>,
  minutes: unknown,
): { kept: Kept } | { refused: string } {
  const { kept } = state;
  if (!kept) return { refused: `nothing is kept: the experiment is ${phaseOf(state)}` };
  if (typeof minutes !== 'number' || !Number.isInteger(minutes) || minutes < 1 || minutes > mostKeptMinutes) {
    return { refused: `{"minutes": …} must be a whole number from 1 to ${mostKeptMinutes}` };
  }
  const untilEpochMs = kept.untilEpochMs + minutes * minuteMs;
  if (untilEpochMs <= kept.latestEpochMs) return { kept: { ...kept, untilEpochMs } };
  const left = Math.floor((kept.latestEpochMs - kept.untilEpochMs) / minuteMs);
  const latest = new Date(kept.latestEpochMs).toISOString();
  const why =
    kept.latestBy === 'budget'
      ? 'the end of its budget.maxMinutes'
      : `${mostKeptMinutes} minutes after it was measured`;
  return { refused: `it can be kept until ${latest} at most, ${why}, which is ${left} more minutes` };
}
