import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import { writeJsonAtomic } from '../../../src/machine/atomic-file.ts';
import { signalProcess } from '../../../src/machine/end.ts';
import { isAlive } from '../../../src/machine/identity.ts';
import type { ObjectStore } from '../../../src/storage/object-store.ts';
import { AttemptLostError } from '../../../src/temporal/activity-error.ts';
import { type Attempt, assertOwned } from '../attempt.ts';
import type { ExperimentFolder } from '../folder/experiment-folder.ts';
import { lockInfoSchema } from '../folder/lock-info.ts';
import { interruptOnce } from './interrupt.ts';
import { type Journal, journalSucceeded } from './journal.ts';
import { followJournal } from './journal-file.ts';
import { createShipper, journalKey } from './journal-shipper.ts';
import { nextStop } from './stop-decision.ts';
import {
  type Claim,
  type ExitRecord,
  isOver,
  lookAtRun,
  runFiles,
  type TerraformRun,
} from './terraform-run.ts';

/** How a run ended. */
export interface TerraformRunResult {
  claim: Claim;
  journal: Journal;
  succeeded: boolean;
  /** null when the supervisor vanished without a word. */
  exit: ExitRecord | null;
}

export interface WatchOptions {
  store: ObjectStore;
  experimentId: string;
  /** How long the run may go on after the attempt was cancelled; null lets a cancellation pass. */
  cancelGraceMs: number | null;
  /** How long the run may go on at all before it is asked to stop; null for as long as its own limit. */
  stopAfterMs: number | null;
  /** Between terraform's SIGINT and its SIGKILL, where the supervisor cannot see to it any more. */
  patienceMs: number;
}

const pollMs = 50;
const tickMs = 1_000;

/**
 * Follows a run to its end, whoever started it, and ships its journal to S3 on the way.
 * @throws AttemptLostError when the attempt was given up; the run goes on
 */
export async function watchRun(
  folder: ExperimentFolder,
  number: number,
  attempt: Attempt,
  options: WatchOptions,
): Promise<TerraformRunResult> {
  const files = runFiles(folder.runs, number);
  const look = () => {
    const view = lookAtRun(folder.path, folder.runs, number, hostname());
    if (!view) throw new AttemptLostError(`terraform run ${number} is gone: another attempt has removed it`);
    return view;
  };
  const { claim } = look();
  const tail = followJournal(files.journal);
  const shipper = createShipper(options.store, journalKey(options.experimentId, claim), files.journal);
  const stopper = new Stopper(claim, files.interrupt, options, attempt);
  const lockSeen = createLockWatch(folder, number, options);
  let nextTick = 0;
  for (;;) {
    assertOwned(attempt);
    tail.read();
    const supervised = isAlive(claim.supervisor);
    const ended = existsSync(files.exit);
    const now = Date.now();
    if (ended || now >= nextTick || !supervised) {
      const view = ended || !supervised ? look() : null;
      if (view && isOver(view.state)) {
        tail.read();
        // A run that was never shipped can still be read here by the next attempt.
        await shipper.finish(tail.size).catch(() => {});
        return result(view, tail.journal);
      }
      if (view?.state === 'elsewhere') throw new AttemptLostError(`run ${number} belongs to ${claim.host}`);
      stopper.tick(view, now);
      lockSeen.tick(tail.journal);
      shipper.tick(tail.size);
      attempt.report(progress(claim, tail.journal));
      nextTick = now + tickMs;
    }
    await delay(pollMs);
  }
}

/** What a person who looks at the pending activity sees. */
function progress({ kind, number }: Claim, { command, resources, lastMessage }: Journal) {
  return { terraform: kind, run: number, command, resources, lastMessage };
}

function result({ claim, exit }: TerraformRun, journal: Journal): TerraformRunResult {
  const succeeded = exit ? exit.succeeded : journalSucceeded(journal, claim.kind);
  return { claim, journal, exit, succeeded };
}

/** Asks a run to stop when its time is over, and sees to the hard limit where its supervisor is gone. */
class Stopper {
  private readonly followedSinceMs = Date.now();
  private cancelledAtMs: number | null = null;
  private askedAtMs: number | null = null;
  /** When this attempt itself has interrupted a terraform without a supervisor. */
  private interruptedAtMs: number | null = null;
  private readonly claim: Claim;
  private readonly interruptFile: string;
  private readonly options: WatchOptions;
  private readonly attempt: Attempt;

  constructor(claim: Claim, interruptFile: string, options: WatchOptions, attempt: Attempt) {
    this.claim = claim;
    this.interruptFile = interruptFile;
    this.options = options;
    this.attempt = attempt;
  }

  tick(view: TerraformRun | null, nowMs: number): void {
    if (this.attempt.ending() === 'cancelled') this.cancelledAtMs ??= nowMs;
    const orphan = view?.state === 'orphaned' ? view.liveTerraform : null;
    const order = nextStop({
      ...this.options,
      nowMs,
      followedSinceMs: this.followedSinceMs,
      cancelledAtMs: this.cancelledAtMs,
      // A terraform without its supervisor may have been asked by whoever looked before; else it was not asked at all.
      askedAtMs: orphan ? (view?.interruptedAtMs ?? this.interruptedAtMs) : this.askedAtMs,
      hardLimitAtMs: Date.parse(this.claim.hardLimitAt),
      orphaned: orphan !== null,
    });
    if (order === null) return;
    this.askedAtMs ??= nowMs;
    if (order.to === 'supervisor') signalProcess(this.claim.supervisor, order.signal);
    else if (orphan && order.signal === 'SIGINT') {
      this.interruptedAtMs = nowMs;
      interruptOnce(this.interruptFile, orphan);
    } else if (orphan) signalProcess(orphan, order.signal);
  }
}

/** Notes which lock the run holds: that proves later that its holder is dead. */
function createLockWatch(folder: ExperimentFolder, number: number, { store, experimentId }: WatchOptions) {
  const files = runFiles(folder.runs, number);
  let asked = false;
  return {
    tick({ pastLock, changes }: Journal) {
      if (asked || !pastLock || changes) return;
      asked = true;
      store
        .getJson(s3Keys.terraformLock(experimentId))
        .then((json) => {
          const lock = lockInfoSchema.safeParse(json);
          const view = lookAtRun(folder.path, folder.runs, number, hostname());
          // Terraform was past taking the lock and has not ended, so this is its own.
          if (lock.success && view && !isOver(view.state)) writeJsonAtomic(files.lock, { id: lock.data.ID });
          else asked = false;
        })
        .catch(() => {
          asked = false;
        });
    },
  };
}
