import type { Attempt } from '../attempt.ts';
import type { InfrastructureDependencies } from '../dependencies.ts';
import { TerraformFailedError } from '../errors.ts';
import type { ExperimentContext } from '../experiment-context.ts';
import { markInitialized } from '../folder/backend.ts';
import { dropErroredState, shipErroredState } from '../folder/errored-state.ts';
import type { Operation } from '../folder/experiment-folder.ts';
import { failureDiagnostics, type Journal } from './journal.ts';
import { startRun } from './start-run.ts';
import type { ExitRecord } from './terraform-run.ts';
import { type TerraformRunResult, type WatchOptions, watchRun } from './watch-run.ts';

/** Runs terraform commands under a supervisor and follows them to their end. */
export async function runSteps(
  deps: InfrastructureDependencies,
  context: ExperimentContext,
  operation: Operation,
  steps: string[][],
  attempt: Attempt,
): Promise<TerraformRunResult> {
  const order = {
    operation,
    steps,
    terraform: deps.tools.terraform,
    node: deps.node,
    environment: context.environment,
    limitMs: context.limits.runMs,
    patienceMs: context.limits.patienceMs,
  };
  return follow(deps, context, await startRun(context.folder, order, attempt), attempt, {
    cancelGraceMs: operation.kind === 'apply' ? context.limits.cancelGraceMs : null,
    stopAfterMs: null,
  });
}

/** Follows a run that somebody has started, and keeps what it left for those who come later. */
export async function follow(
  deps: InfrastructureDependencies,
  context: ExperimentContext,
  number: number,
  attempt: Attempt,
  options: Pick<WatchOptions, 'cancelGraceMs' | 'stopAfterMs'>,
): Promise<TerraformRunResult> {
  const { experimentId } = context.ref;
  const { store } = deps;
  const { limits } = context;
  const all = { ...options, store, experimentId, patienceMs: limits.patienceMs };
  const result = await watchRun(context.folder, number, attempt, all);
  tellOfEnd(deps, context, result);
  const done = (command: string) => stepDone(result, command);
  if (done('init')) markInitialized(context);
  if (done('state')) await dropErroredState(store, experimentId, context.folder);
  else await shipErroredState(store, experimentId, context.folder);
  return result;
}

/** A run that was superseded did nothing, and of one whose supervisor vanished nobody knows when it ended. */
function tellOfEnd(
  { terraformEnded }: InfrastructureDependencies,
  { ref }: ExperimentContext,
  { claim, exit, succeeded }: TerraformRunResult,
): void {
  if (!exit || exit.outcome === 'superseded') return;
  const { technology, target } = ref.spec;
  const seconds = Math.max(0, Date.parse(exit.endedAt) - Date.parse(claim.startedAt)) / 1_000;
  terraformEnded?.({ kind: claim.kind, technology, target, succeeded, seconds });
}

/** Whether a command of the run ended well: by its exit record, else because a later one was begun. */
function stepDone({ claim, exit, journal }: TerraformRunResult, command: string): boolean {
  if (exit) return exit.exits.some((one) => one.command === command && one.exitCode === 0);
  const step = claim.steps.indexOf(command);
  return step >= 0 && journal.command !== null && claim.steps.lastIndexOf(journal.command) > step;
}

/** @throws TerraformFailedError with terraform's own diagnostics, unless the run succeeded */
export function assertSucceeded({ claim, exit, journal, succeeded }: TerraformRunResult): void {
  if (succeeded) return;
  throw terraformFailure(exit?.exits.at(-1)?.command ?? journal.command ?? claim.kind, exit, journal);
}

/** What is known of the end of terraform commands; null where their supervisor could not say. */
type TerraformEnd = Pick<ExitRecord, 'exits' | 'stopped' | 'message'> | null;

/** That a command failed, with terraform's own diagnostics. */
export function terraformFailure(command: string, end: TerraformEnd, journal: Journal): TerraformFailedError {
  const what = describeFailure(command, end);
  const diagnostics = failureDiagnostics(journal, what);
  const first = diagnostics.find(({ severity }) => severity === 'error');
  return new TerraformFailedError(
    first && first.summary !== what ? `${what}: ${first.summary}` : what,
    diagnostics,
  );
}

function describeFailure(command: string, end: TerraformEnd): string {
  const last = end?.exits.at(-1);
  if (!end) return `terraform ${command} was killed, and its supervisor with it`;
  if (end.message) return `terraform ${command} was not run: ${end.message}`;
  if (end.stopped === 'time-limit') return `terraform ${command} reached its time limit`;
  if (end.stopped) return `terraform ${command} was asked to stop`;
  if (last?.signal) return `terraform ${command} was killed by ${last.signal}`;
  return `terraform ${command} failed with exit code ${last?.exitCode ?? 'unknown'}`;
}
