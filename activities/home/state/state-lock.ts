import type { LockInfo } from '../folder/lock-info.ts';
import { isOver, type RunState } from '../runs/terraform-run.ts';

/** What a run of this experiment, made on this machine, says about who holds the lock. */
export interface RunEvidence {
  number: number;
  state: RunState;
  /** Lock that the run was seen to hold. */
  lockId: string | null;
  who: string;
  startedAtEpochMs: number;
  /** When it last showed a sign of life. */
  lastSeenEpochMs: number;
}

export interface LockEvidence {
  lock: LockInfo | null;
  nowEpochMs: number;
  /** No terraform of ours lives longer, wherever it runs. */
  hardLimitMs: number;
  /** user@host of this process. */
  who: string;
  runs: RunEvidence[];
  /** Whether a terraform runs on this machine of which no supervisor is known, and that was there when the lock was taken. */
  unknownTerraform: boolean;
  /** A person has said that the holder of the lock with this id is dead. */
  confirmed?: string | undefined;
}

export type LockDecision =
  | { action: 'go' }
  | { action: 'break'; id: string; why: string }
  | { action: 'wait'; why: string }
  | { action: 'ask'; reason: string; actions: string[] };

/** Clocks of two machines may differ by this much. */
const clockSlackMs = 60_000;
/** A terraform takes its lock this soon after a sign of life. */
const lockDelayMs = 20_000;

/** Decides about a state lock: it is broken only when its holder is proven dead. */
export function decideLock(evidence: LockEvidence): LockDecision {
  const { lock, runs, unknownTerraform } = evidence;
  const live = runs.find(({ state }) => state === 'supervised' || state === 'orphaned');
  if (live) return { action: 'wait', why: `terraform run ${live.number} is still alive` };
  if (!lock) return { action: 'go' };
  const breakIt = (why: string): LockDecision => ({ action: 'break', id: lock.ID, why });
  if (evidence.confirmed === lock.ID) return breakIt('a person has confirmed that its holder is dead');
  const holder = runs.find(({ lockId }) => lockId === lock.ID);
  if (holder && isOver(holder.state))
    return breakIt(`terraform run ${holder.number}, which held it, is dead`);
  const likely = holder ? undefined : runs.find((run) => mayHold(run, lock, evidence));
  if (likely && !unknownTerraform) {
    return breakIt(
      `it is of the time of terraform run ${likely.number}, which is dead, and no other terraform runs here`,
    );
  }
  const expiresEpochMs = expiryOf(lock, evidence);
  if (expiresEpochMs !== null && evidence.nowEpochMs > expiresEpochMs && !unknownTerraform)
    return breakIt('it is older than any terraform of ours can be, and no other terraform runs here');
  return ask(lock, expiresEpochMs, unknownTerraform);
}

/**
 * When no terraform of ours can hold the lock any more; null where it does not say since when it is held, and where
 * its holder is none of ours, which nothing ends: another user of this host, or one that does not say who it is. Of another
 * host nothing is known: it may be one of ours that was lost, whose locks must end.
 */
function expiryOf(lock: LockInfo, { who, runs, hardLimitMs }: LockEvidence): number | null {
  const isNamed = lock.Who.includes('@');
  const isOfHere = hostOf(lock.Who) === hostOf(who);
  const isOurs = lock.Who === who || runs.some((run) => run.who === lock.Who);
  if (!isNamed || !tellsWhen(lock) || (isOfHere && !isOurs)) return null;
  return lock.Created.getTime() + hardLimitMs + clockSlackMs;
}

/** Go writes the year 1 for a time that was never set, and a damaged lock says none. */
function tellsWhen({ Created }: LockInfo): boolean {
  return Created.getUTCFullYear() > 2000;
}

const hostOf = (who: string) => who.slice(who.lastIndexOf('@') + 1);

/** Whether a dead run of this machine took the lock, as far as times and names can tell. */
function mayHold(run: RunEvidence, lock: LockInfo, { who }: LockEvidence): boolean {
  const created = lock.Created.getTime();
  return (
    isOver(run.state) &&
    run.lockId === null &&
    lock.Who === who &&
    run.who === who &&
    created >= run.startedAtEpochMs - 1_000 &&
    created <= run.lastSeenEpochMs + lockDelayMs
  );
}

function ask(lock: LockInfo, expiresEpochMs: number | null, unknownTerraform: boolean): LockDecision {
  const actions = [
    'If that terraform still runs, let it end: the next try goes on by itself.',
    `If it is dead, confirm that: retry the destroy with breakLock "${lock.ID}".`,
  ];
  if (expiresEpochMs !== null) {
    const first = unknownTerraform
      ? 'end the terraform on this machine that is none of the comparator, and '
      : '';
    actions.push(
      `Or ${first}wait: after ${new Date(expiresEpochMs).toISOString()} the lock is older than any terraform of the comparator can be, and is broken without asking.`,
    );
  }
  return {
    action: 'ask',
    reason:
      `The Terraform state is locked by ${lock.Who} (${lock.Operation}, since ${lock.Created.toISOString()}, ` +
      `lock ${lock.ID}), and nothing proves that this holder is dead` +
      (unknownTerraform ? ': a terraform runs on this machine that no comparator started.' : '.'),
    actions,
  };
}
