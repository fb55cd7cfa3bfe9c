import type { ProcessIdentity } from '../../../src/contracts/storage/process.ts';
import { signalProcess } from '../../../src/machine/end.ts';
import type { ProcessName } from '../../../src/stack/processes/stack-process.ts';
import type { FaultWorld } from '../world/world.ts';
import type { SeededCell } from './matrix.ts';

/** The experiment that a fault is about, once it has reached the phase. */
export interface Victim {
  world: FaultWorld;
  cell: SeededCell;
  id: string;
  /** Of the workflow when the fault strikes. */
  runId: string;
  /** What was posted. */
  document: object;
  /** The comparison that it belongs to, where the fault is about one. */
  comparisonId: string | null;
}

/** The fault could not be done: what it is about was not there (any more). */
export class MissedError extends Error {
  override name = 'MissedError';
}

/** Strikes; returns what has to be done afterwards, beside waiting for the workflow to close. */
export type Strike = (victim: Victim) => Promise<(() => Promise<void>) | undefined>;

export interface Injection {
  /** Waits for what the fault is about, before the seeded delay; throws MissedError when that never comes. */
  aim?(victim: Victim): Promise<void>;
  strike: Strike;
}

/** @throws MissedError when none of them lives any more */
export function kill(found: ProcessIdentity[], signal: NodeJS.Signals = 'SIGKILL'): void {
  const hit = found.filter((identity) => signalProcess(identity, signal));
  if (hit.length === 0) throw new MissedError('there is no such process');
}

/** Ends a part of the stack in its own way, and waits until the stack has it running again. */
export async function hitPart(world: FaultWorld, name: ProcessName, signal: NodeJS.Signals) {
  const part = world.part(name);
  const restarted = world.untilRestarted(name, part);
  kill([part], signal);
  return () => restarted;
}
