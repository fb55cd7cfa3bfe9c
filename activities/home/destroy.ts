import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import type { DestroyInput } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { readJsonOrNull, writeJsonAtomic } from '../../src/machine/atomic-file.ts';
import { stopAllLaunched } from '../../src/machine/launched.ts';
import { AttemptLostError } from '../../src/temporal/activity-error.ts';
import { type Attempt, assertOwned } from './attempt.ts';
import type { InfrastructureDependencies } from './dependencies.ts';
import { notingDisturbance } from './disturbance.ts';
import { TerraformFailedError } from './errors.ts';
import { type ExperimentContext, experimentContext } from './experiment-context.ts';
import { isNotedBegun } from './folder/begun.ts';
import {
  beginOperation,
  currentOperation,
  type ExperimentFolder,
  type Operation,
  prepareExperimentFolder,
  removeExperimentFolder,
} from './folder/experiment-folder.ts';
import { itemsOf } from './inventory.ts';
import { destroyVariablesOf } from './placements/variables.ts';
import { assertQuiet, type MeasuredNow, untilQuiet } from './quiet.ts';
import { assertLaunchedHere, usedElsewhere } from './runs/elsewhere.ts';
import { assertSucceeded, follow, runSteps } from './runs/follow-run.ts';
import { isOver, latestRun } from './runs/terraform-run.ts';
import { reconcile } from './state/reconcile.ts';
import { parseStateOrNull } from './state/terraform-state.ts';

/**
 * As `InfrastructureActivities.destroy`, for one attempt.
 * @param assertMayGoOn throws where another must not be disturbed. Asked also after taking over: whoever begins later
 *   than that takes over from this attempt in turn.
 */
export async function destroy(
  deps: InfrastructureDependencies,
  input: DestroyInput,
  attempt: Attempt,
  assertMayGoOn: () => Promise<void> = async () => {},
): Promise<void> {
  const context = experimentContext(deps, input);
  const { measuredNow } = deps;
  await assertMayGoOn();
  if (await isGone(deps, context)) return;
  if (measuredNow && !input.asked && input.whileMeasured !== 'go-on') {
    await whenQuiet(measuredNow, input, attempt);
    await assertMayGoOn();
  }
  const work = () => destroyNow(deps, context, input, attempt, assertMayGoOn);
  if (!measuredNow) return await work();
  const { experimentId, spec } = input;
  const disturbing = { ...deps, experimentId, measuredNow: () => measuredNow(spec.target, experimentId) };
  await notingDisturbance(disturbing, work);
}

async function destroyNow(
  deps: InfrastructureDependencies,
  context: ExperimentContext,
  input: DestroyInput,
  attempt: Attempt,
  assertMayGoOn: () => Promise<void>,
): Promise<void> {
  const { folder } = context;
  assertOwned(attempt);
  prepareExperimentFolder(folder, join(deps.projectFolder, 'terraform'), context.ref.spec.technology);
  // From here on no apply can begin.
  const operation = beginOperation(folder, 'destroy', input.runId);
  await assertMayGoOn();
  await settleLastRun(deps, context, attempt);
  assertLaunchedHere(folder.path);
  const steps = await reconcile(deps, context, 'destroy', input.breakLock);
  if (steps.length > 0) {
    writeVariables(deps, context);
    const result = await runSteps(deps, context, operation, steps, attempt);
    if (result.exit?.outcome === 'superseded') throw new AttemptLostError('a later attempt has taken over');
    assertSucceeded(result);
  }
  assertCurrent(folder, operation, attempt);
  await stopAllLaunched(folder.path);
  await context.placement.sweep?.(context.entryContext);
  await assertNothingLeft(deps, context);
  assertCurrent(folder, operation, attempt);
  await deps.store.delete([
    s3Keys.terraformState(input.experimentId),
    s3Keys.erroredState(input.experimentId),
    s3Keys.begun(input.experimentId),
  ]);
  removeExperimentFolder(folder);
}

async function whenQuiet(measuredNow: MeasuredNow, input: DestroyInput, attempt: Attempt): Promise<void> {
  const look = () => measuredNow(input.spec.target, input.experimentId);
  if (input.whileMeasured === 'tell') await assertQuiet(look);
  else await untilQuiet(look, attempt);
}

/**
 * The variables that the apply was given belong to the root that lies beside them: they stay, but for the address of an
 * emulator that has moved. Where none lie, any that the root takes will do: a destroy goes by the state.
 */
function writeVariables(deps: InfrastructureDependencies, context: ExperimentContext): void {
  const { folder } = context;
  const given = readJsonOrNull(folder.variables, z.record(z.string(), z.unknown()));
  if (given === null) {
    writeJsonAtomic(folder.variables, destroyVariablesOf(deps, context));
    return;
  }
  const { region, endpointUrl } = deps.aws;
  if (!('aws_endpoint_url' in given) || given.aws_endpoint_url === endpointUrl) return;
  writeJsonAtomic(folder.variables, { ...given, region, aws_endpoint_url: endpointUrl });
}

/** What is removed from here on may be a later attempt's. */
function assertCurrent(folder: ExperimentFolder, operation: Operation, attempt: Attempt): void {
  assertOwned(attempt);
  if (currentOperation(folder.path)?.token !== operation.token) {
    throw new AttemptLostError('a later attempt has taken over this experiment');
  }
}

/** Nothing here, nothing in S3, nothing alive: an earlier destroy has done it all. */
async function isGone(deps: InfrastructureDependencies, context: ExperimentContext): Promise<boolean> {
  if (existsSync(context.folder.path)) return false;
  const { experimentId } = context.ref;
  const [state, errored, begun, items] = await Promise.all([
    deps.store.get(s3Keys.terraformState(experimentId)),
    deps.store.get(s3Keys.erroredState(experimentId)),
    isNotedBegun(deps.store, experimentId),
    itemsOf(deps, context),
  ]);
  return state === null && errored === null && !begun && items.length === 0;
}

/** Waits for a run under way: another destroy to its end, an apply within a bound, before it is asked to stop. */
async function settleLastRun(
  deps: InfrastructureDependencies,
  context: ExperimentContext,
  attempt: Attempt,
): Promise<void> {
  const { folder } = context;
  const last = latestRun(folder.path, folder.runs, hostname());
  if (!last || isOver(last.state)) return;
  if (last.state === 'elsewhere') throw usedElsewhere(last.claim);
  await follow(deps, context, last.claim.number, attempt, {
    cancelGraceMs: null,
    stopAfterMs: last.claim.kind === 'apply' ? context.limits.cancelGraceMs : null,
  });
}

/** @throws TerraformFailedError that lists what is still there */
async function assertNothingLeft(
  deps: InfrastructureDependencies,
  context: ExperimentContext,
): Promise<void> {
  const [items, stateText] = await Promise.all([
    itemsOf(deps, context),
    deps.store.getText(s3Keys.terraformState(context.ref.experimentId)),
  ]);
  const state = stateText === null ? null : parseStateOrNull(stateText);
  const left = [
    ...items.map(({ kind, name, description }) => `${kind} ${name}: ${description}`),
    ...(state?.addresses ?? []).map((address) => `${address}, in the Terraform state`),
  ];
  if (left.length === 0) return;
  throw new TerraformFailedError(`after the destroy there is still: ${left.join('; ')}`, [
    { severity: 'error', summary: 'Not everything was destroyed', detail: left.join('\n'), address: null },
  ]);
}
