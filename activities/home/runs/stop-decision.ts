import { uptime } from 'node:os';

/** Milliseconds since boot: goes on while the machine is suspended, and is not moved when somebody sets the clock. */
export function sinceBootMs(): number {
  return uptime() * 1_000;
}

/** What is known when it is asked whether a terraform run must be told to stop; times in ms of one clock. */
export interface StopFacts {
  nowMs: number;
  /** When this attempt began to follow the run. */
  followedSinceMs: number;
  /** When the attempt was first seen to be cancelled; null while it is not. */
  cancelledAtMs: number | null;
  /** When the run was first asked to stop; null while it was not. */
  askedAtMs: number | null;
  /** After this no terraform of ours may live. */
  hardLimitAtMs: number;
  /** How long the run may go on after a cancellation; null lets one pass. */
  cancelGraceMs: number | null;
  /** How long the run may go on at all; null for as long as its own limit. */
  stopAfterMs: number | null;
  /** Between asking and killing. */
  patienceMs: number;
  /** Whether terraform lives on without its supervisor. */
  orphaned: boolean;
}

/** A signal, and who is to get it. */
export type StopOrder =
  | { to: 'supervisor'; signal: 'SIGTERM' | 'SIGKILL' }
  | { to: 'terraform'; signal: 'SIGINT' | 'SIGKILL' };

/**
 * What to do next to end a run whose time is over; null for nothing yet. It is asked once: a second SIGINT would make
 * terraform lose what is in flight.
 */
export function nextStop(facts: StopFacts): StopOrder | null {
  const { nowMs, askedAtMs, patienceMs, orphaned } = facts;
  if (askedAtMs === null) {
    if (!isDue(facts)) return null;
    return orphaned ? { to: 'terraform', signal: 'SIGINT' } : { to: 'supervisor', signal: 'SIGTERM' };
  }
  const waitedMs = nowMs - askedAtMs;
  if (waitedMs <= patienceMs) return null;
  if (orphaned) return { to: 'terraform', signal: 'SIGKILL' };
  // A supervisor that does not even end its terraform is stuck; its terraform is then dealt with as an orphan.
  return waitedMs > 2 * patienceMs ? { to: 'supervisor', signal: 'SIGKILL' } : null;
}

function isDue(facts: StopFacts): boolean {
  const { nowMs, followedSinceMs, cancelledAtMs, cancelGraceMs, stopAfterMs, hardLimitAtMs, patienceMs } =
    facts;
  if (cancelGraceMs !== null && cancelledAtMs !== null && nowMs - cancelledAtMs > cancelGraceMs) return true;
  if (stopAfterMs !== null && nowMs - followedSinceMs > stopAfterMs) return true;
  return nowMs > hardLimitAtMs - patienceMs;
}
