import type { Phase, TimelineEntry } from '../../src/contracts/documents/progress.ts';

/** The timeline after entering a phase; entering the current one again changes nothing. */
export function enterPhase(
  timeline: readonly TimelineEntry[],
  phase: Phase,
  atEpochMs: number,
): TimelineEntry[] {
  const at = new Date(atEpochMs).toISOString();
  const current = timeline.at(-1);
  if (current?.phase === phase) return [...timeline];
  const ended = current ? [...timeline.slice(0, -1), { ...current, endedAt: current.endedAt ?? at }] : [];
  // Nothing follows `closed`, so it ends as it begins.
  return [...ended, { phase, startedAt: at, endedAt: phase === 'closed' ? at : null }];
}
