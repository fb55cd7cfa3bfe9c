/**
 * Adopt, then destroy. Before every destroy and every repeated apply, the state is made to match what is really there:
 *  1. Helpers of a dead terraform are ended, since they could still create something.
 *  2. The state's lock is looked at: it is broken only when its holder is proven dead (state-lock.ts); a live holder is
 *     waited for; where nothing proves anything, a person is asked.
 *  3. A state that terraform could not write to its backend is pushed before anything else.
 *  4. A state that cannot be read is put aside: what exists is found without it.
 *  5. What exists by the experiment's own names and is not in the state is imported (adoption.ts).
 * Only then is the apply or the destroy itself to be trusted. What comes out is a list of terraform commands; a
 * supervisor runs them.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import { signalProcess, waitUntilEnded } from '../../../src/machine/end.ts';
import type { ObjectStore } from '../../../src/storage/object-store.ts';
import { hardLimitMs, type InfrastructureDependencies } from '../dependencies.ts';
import { OperatorNeededError, TerraformFailedError } from '../errors.ts';
import type { ExperimentContext } from '../experiment-context.ts';
import { writeBackend } from '../folder/backend.ts';
import { readBegun } from '../folder/begun.ts';
import { dropErroredState } from '../folder/errored-state.ts';
import type { ExperimentFolder } from '../folder/experiment-folder.ts';
import { type LockInfo, readLock, unreadableLockId } from '../folder/lock-info.ts';
import { stopOverdue } from '../runs/interrupt.ts';
import { isTerraform, listRuns, lookAtRun, runFiles, terraformMachinery } from '../runs/terraform-run.ts';
import { missingFromState, planSteps } from './adoption.ts';
import { foreignTerraformRuns } from './foreign-terraform.ts';
import { decideLock, type RunEvidence } from './state-lock.ts';
import { mustPush, parseStateOrNull, type TerraformState } from './terraform-state.ts';

/**
 * What must be done before an apply or a destroy can be trusted, as terraform commands that end with it: what a dead
 * terraform left is ended, its lock broken, its state pushed, and what exists outside the state imported.
 * An empty list means that a destroy has nothing to do.
 * @throws TerraformFailedError while somebody else is at work; OperatorNeededError when only a person can tell
 */
export async function reconcile(
  deps: InfrastructureDependencies,
  context: ExperimentContext,
  kind: 'apply' | 'destroy',
  confirmedLock?: string,
): Promise<string[][]> {
  const { folder, ref } = context;
  await endHelpers(folder, context.limits.patienceMs);
  const lock = await readLock(deps.store, ref.experimentId);
  const breakLock = lockToBreak(context, lock, confirmedLock);
  // Only now may anything be changed: until here a live terraform could be at it.
  if (breakLock === unreadableLockId)
    await putAside(deps.store, ref.experimentId, s3Keys.terraformLock(ref.experimentId));
  const state = await readStates(deps.store, ref.experimentId, folder);
  const { placement, entryContext } = context;
  const begun = await readBegun(deps.store, placement, ref.experimentId);
  const existing = await placement.adoptable({ ...entryContext, ...begun });
  const known = state.push ? state.errored : state.remote;
  const imports = missingFromState(existing, known);
  const change = kind === 'apply' || imports.length > 0 || (known?.addresses.length ?? 0) > 0;
  if (!change && !breakLock && !state.push) return [];
  const initialize = writeBackend(context);
  return planSteps({
    kind,
    initialize,
    backendFile: folder.backend,
    breakLock: breakLock === unreadableLockId ? null : breakLock,
    pushState: state.push,
    imports,
    change,
  });
}

/** Ends providers and provisioners whose terraform is dead: they could still create something. */
async function endHelpers(folder: ExperimentFolder, patienceMs: number): Promise<void> {
  stopOverdue(folder.path, folder.runs, patienceMs);
  const left = terraformMachinery(folder.path);
  const terraform = left.find(isTerraform);
  if (terraform) {
    throw new TerraformFailedError(
      `a terraform of this experiment is still alive (pid ${terraform.identity.pid})`,
      [],
    );
  }
  for (const { identity } of left) signalProcess(identity, 'SIGKILL');
  await Promise.all(left.map(({ identity }) => waitUntilEnded(identity, 5_000)));
}

function lockToBreak(
  context: ExperimentContext,
  lock: LockInfo | null,
  confirmed: string | undefined,
): string | null {
  const decision = decideLock({
    lock,
    nowEpochMs: Date.now(),
    hardLimitMs: hardLimitMs(context.limits),
    who: context.who,
    runs: runEvidence(context.folder),
    unknownTerraform: lock !== null && foreignTerraformRuns(lock.Created),
    confirmed,
  });
  switch (decision.action) {
    case 'go':
      return null;
    case 'break':
      return decision.id;
    case 'wait':
      throw new TerraformFailedError(`cannot go on yet: ${decision.why}`, []);
    case 'ask':
      throw new OperatorNeededError(decision.reason, decision.actions);
  }
}

function runEvidence({ path, runs }: ExperimentFolder): RunEvidence[] {
  return listRuns(runs).flatMap((number) => {
    const view = lookAtRun(path, runs, number, hostname());
    if (!view) return [];
    const { claim, exit, state, lockId } = view;
    const written = statSync(runFiles(runs, number).journal, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const startedAtEpochMs = Date.parse(claim.startedAt);
    return [
      {
        number,
        state,
        lockId,
        who: `${claim.user}@${claim.host}`,
        startedAtEpochMs,
        lastSeenEpochMs: exit ? Date.parse(exit.endedAt) : Math.max(written, startedAtEpochMs),
      },
    ];
  });
}

interface States {
  remote: TerraformState | null;
  errored: TerraformState | null;
  /** Whether the errored one lies in the run folder and must be pushed. */
  push: boolean;
}

/** What the backend has, and what terraform could not write there: on this machine, or shipped from another. */
async function readStates(
  store: ObjectStore,
  experimentId: string,
  folder: ExperimentFolder,
): Promise<States> {
  const local = existsSync(folder.erroredState) ? readFileSync(folder.erroredState, 'utf8') : null;
  const [remoteText, shippedText] = await Promise.all([
    store.getText(s3Keys.terraformState(experimentId)),
    store.getText(s3Keys.erroredState(experimentId)),
  ]);
  const erroredText = local ?? shippedText;
  const remote = remoteText === null ? null : parseStateOrNull(remoteText);
  if (remoteText !== null && remote === null) {
    await putAside(store, experimentId, s3Keys.terraformState(experimentId));
  }
  const errored = erroredText === null ? null : parseStateOrNull(erroredText);
  const push = mustPush(errored, remote);
  if (push && local === null && shippedText) writeFileSync(folder.erroredState, shippedText, { mode: 0o600 });
  if (erroredText !== null && !push) await dropErroredState(store, experimentId, folder);
  return { remote, errored, push };
}

/** Keeps what cannot be read, for people to look at, where terraform does not stumble over it. */
async function putAside(store: ObjectStore, experimentId: string, key: string): Promise<void> {
  const body = await store.get(key);
  if (body === null) return;
  await store.put(s3Keys.unreadable(experimentId, basename(key), new Date()), body);
  await store.delete([key]);
}
