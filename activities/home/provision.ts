import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { roomProblems } from '../../src/analysis/plan/room.ts';
import type { ExperimentSpec } from '../../src/contracts/input/experiment.ts';
import type {
  InfrastructureRef,
  ProvisionOutput,
} from '../../src/contracts/temporal/infrastructure-activities.ts';
import { writeJsonAtomic } from '../../src/machine/atomic-file.ts';
import { findFreePorts } from '../../src/machine/free-port.ts';
import { isAlive } from '../../src/machine/identity.ts';
import { readLaunchRecords } from '../../src/machine/launched.ts';
import { roomOf } from '../../src/machine/resources/room.ts';
import { findTechnology, technologyCard } from '../../src/technologies/registry.ts';
import {
  AttemptCancelledError,
  AttemptLostError,
  InvalidInputError,
} from '../../src/temporal/activity-error.ts';
import { type Attempt, assertOwned } from './attempt.ts';
import type { InfrastructureDependencies } from './dependencies.ts';
import { TerraformFailedError } from './errors.ts';
import { type ExperimentContext, experimentContext } from './experiment-context.ts';
import { noteBegun } from './folder/begun.ts';
import { beginOperation, currentOperation, prepareExperimentFolder } from './folder/experiment-folder.ts';
import { providersOf } from './folder/providers.ts';
import { variablesOf } from './placements/variables.ts';
import { assertLaunchedHere, usedElsewhere } from './runs/elsewhere.ts';
import { assertSucceeded, follow, runSteps } from './runs/follow-run.ts';
import type { Journal } from './runs/journal.ts';
import { readJournal } from './runs/journal-file.ts';
import { isOver, latestRun, runFiles, type TerraformRun } from './runs/terraform-run.ts';
import type { TerraformRunResult } from './runs/watch-run.ts';
import { reconcile } from './state/reconcile.ts';

/** As `InfrastructureActivities.provision`, for one attempt. */
export async function provision(
  deps: InfrastructureDependencies,
  ref: InfrastructureRef,
  attempt: Attempt,
): Promise<ProvisionOutput> {
  const context = experimentContext(deps, { ...ref, spec: withUsableSettings(ref.spec) });
  const { folder, placement } = context;
  assertOwned(attempt);
  if (!existsSync(folder.path)) await placement.assertReady?.(context.entryContext);
  prepareExperimentFolder(folder, join(deps.projectFolder, 'terraform'), context.ref.spec.technology);
  const operation = beginOperation(folder, 'apply', ref.runId);
  const last = latestRun(folder.path, folder.runs, hostname());
  if (last && !isOver(last.state)) {
    const joined = await endOrJoin(deps, context, last, attempt);
    if (joined) return await readyOutput(context, joined.journal, attempt);
  } else if (last && (await stillStands(context, last))) {
    return await readyOutput(context, readJournal(runFiles(folder.runs, last.claim.number).journal), attempt);
  }
  assertLaunchedHere(folder.path);
  assertNotCancelled(attempt);
  if (!last) assertRoom(deps, context);
  const [steps, variables] = await Promise.all([
    reconcile(deps, context, 'apply'),
    applyVariables(deps, context),
  ]);
  assertNotCancelled(attempt);
  writeJsonAtomic(folder.variables, variables);
  await noteBegun(deps.store, placement, ref.experimentId, placement.addresses?.(context.entryContext) ?? []);
  const result = await runSteps(deps, context, operation, steps, attempt);
  assertNotCancelled(attempt);
  assertNotSuperseded(result);
  assertSucceeded(result);
  return await readyOutput(context, result.journal, attempt);
}

/** What was made, once load generators can be given work. */
async function readyOutput(
  context: ExperimentContext,
  journal: Journal,
  attempt: Attempt,
): Promise<ProvisionOutput> {
  await context.placement.awaitReady?.(context.entryContext, attempt);
  assertNotCancelled(attempt);
  return output(context, journal);
}

/**
 * What an earlier release accepted is not measured with other settings than it asks for.
 * @throws InvalidInputError when the settings cannot be used
 */
function withUsableSettings(spec: ExperimentSpec): ExperimentSpec {
  const card = findTechnology(spec.technology);
  // Without a card there is no placement, which is said with more words.
  if (!card) return spec;
  const parsed = card.settings.safeParse(spec.settings);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${['settings', ...path].join('.')} ${message}`,
    );
    throw new InvalidInputError(problems.join('; '));
  }
  const [problem] = card.settingsProblems(parsed.data, spec.target);
  if (problem) throw new InvalidInputError(`settings.${problem.path.join('.')} ${problem.message}`);
  return { ...spec, settings: parsed.data as Record<string, unknown> };
}

/** A disk or a memory that brokers fill takes the databases and the results of everything else with it. */
function assertRoom({ home }: InfrastructureDependencies, { ref }: ExperimentContext): void {
  const problems = roomProblems(ref.spec, roomOf(home));
  if (problems.length > 0) throw new InvalidInputError(problems.join(' '));
}

/** As `InfrastructureActivities.ownsInfrastructure`. */
export async function ownsInfrastructure(
  deps: InfrastructureDependencies,
  ref: InfrastructureRef,
): Promise<boolean> {
  const context = experimentContext(deps, ref);
  const { folder } = context;
  if (currentOperation(folder.path)?.kind !== 'apply') return false;
  const last = latestRun(folder.path, folder.runs, hostname());
  return last !== null && (await stillStands(context, last));
}

/**
 * Follows a run that is under way. Its result is this attempt's own when it applies for the same workflow run; any
 * other is waited for, and null returned.
 */
async function endOrJoin(
  deps: InfrastructureDependencies,
  context: ExperimentContext,
  { claim, state }: TerraformRun,
  attempt: Attempt,
): Promise<TerraformRunResult | null> {
  if (state === 'elsewhere') throw usedElsewhere(claim);
  const mine = claim.kind === 'apply' && claim.workflowRunId === context.ref.runId;
  const { cancelGraceMs } = context.limits;
  const result = await follow(deps, context, claim.number, attempt, {
    cancelGraceMs,
    stopAfterMs: mine ? null : cancelGraceMs,
  });
  assertNotCancelled(attempt);
  // One that was superseded before it began has done nothing: this attempt does it.
  if (!mine || result.exit?.outcome === 'superseded') return null;
  assertSucceeded(result);
  return result;
}

/** Whether an apply for this workflow run succeeded and all that it made is still alive. */
async function stillStands(
  { ref, folder, placement, entryContext }: ExperimentContext,
  last: TerraformRun,
): Promise<boolean> {
  const { claim, exit } = last;
  if (claim.kind !== 'apply' || claim.workflowRunId !== ref.runId || !exit?.succeeded) return false;
  const records = readLaunchRecords(folder.path);
  const alive =
    (records.length > 0 || placement.isRemote === true) &&
    records.every(({ identity }) => identity !== null && isAlive(identity));
  return alive && (await placement.isUsable(entryContext));
}

async function applyVariables(deps: InfrastructureDependencies, context: ExperimentContext) {
  const ports = await findFreePorts(context.placement.portsNeeded(context.ref.spec));
  return variablesOf(deps, context, ports);
}

function assertNotCancelled(attempt: Attempt): void {
  assertOwned(attempt);
  if (attempt.ending() === 'cancelled') throw new AttemptCancelledError('provisioning was cancelled');
}

function assertNotSuperseded({ exit }: TerraformRunResult): void {
  if (exit?.outcome === 'superseded')
    throw new AttemptLostError('a later attempt has taken over this experiment');
}

function output(
  { ref, folder, placement, entryContext }: ExperimentContext,
  journal: Journal,
): ProvisionOutput {
  const outputs = journal.outputs;
  if (!outputs) throw new TerraformFailedError('terraform apply ended without outputs', journal.diagnostics);
  return {
    endpoint: technologyCard(ref.spec.technology).endpoint.parse(outputs.endpoint),
    generators: Number(outputs.generators),
    terraform: {
      version: journal.version ?? 'unknown',
      providers: providersOf(folder.root),
    },
    product: placement.product(entryContext),
  };
}
