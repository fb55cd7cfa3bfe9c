import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { workloadSchema } from '../../src/contracts/experiment.ts';
import type { InfrastructureRef, ProvisionOutput } from '../../src/contracts/infrastructure.ts';
import { isAlive } from '../../src/process/identity.ts';
import { readLaunchRecords } from '../../src/process/launched.ts';
import { technologyCard } from '../../src/technologies/registry.ts';
import { type Attempt, assertOwned } from '../attempt.ts';
import {
  AttemptCancelledError,
  AttemptLostError,
  OperatorNeededError,
  TerraformFailedError,
} from '../errors.ts';
import { writeJsonAtomic } from './atomic-file.ts';
import type { InfrastructureDependencies } from './dependencies.ts';
import { type ExperimentContext, experimentContext } from './experiment-context.ts';
import type { Journal } from './journal.ts';
import { readJournal } from './journal-file.ts';
import { assertSucceeded, follow, runSteps } from './operate.ts';
import { findFreePorts } from './ports.ts';
import { providersOf } from './providers.ts';
import { reconcile } from './reconcile.ts';
import { beginOperation, currentOperation, prepareRunFolder } from './run-folder.ts';
import { isOver, latestRun, type RunView, runFiles } from './runs.ts';
import { terraformVariables } from './variables.ts';
import type { RunResult } from './watch-run.ts';

/** As `InfrastructureActivities.provision`, for one attempt. */
export async function provision(
  deps: InfrastructureDependencies,
  ref: InfrastructureRef,
  attempt: Attempt,
): Promise<ProvisionOutput> {
  const context = experimentContext(deps, ref);
  const { folder } = context;
  assertOwned(attempt);
  prepareRunFolder(folder, join(deps.projectFolder, 'terraform'), context.ref.spec.technology);
  const operation = beginOperation(folder, 'apply', ref.runId);
  const last = latestRun(folder.path, folder.runs, hostname());
  if (last && !isOver(last.state)) {
    const joined = await endOrJoin(deps, context, last, attempt);
    if (joined) return output(context, joined.journal);
  } else if (last && (await stillStands(context, last))) {
    return output(context, readJournal(runFiles(folder.runs, last.claim.number).journal));
  }
  assertNotCancelled(attempt);
  const [steps, variables] = await Promise.all([
    reconcile(deps, context, 'apply'),
    applyVariables(deps, context),
  ]);
  assertNotCancelled(attempt);
  writeJsonAtomic(folder.variables, variables);
  const result = await runSteps(deps, context, operation, steps, attempt);
  assertNotCancelled(attempt);
  assertNotSuperseded(result);
  assertSucceeded(result);
  return output(context, result.journal);
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
  { claim, state }: RunView,
  attempt: Attempt,
): Promise<RunResult | null> {
  if (state === 'elsewhere') throw usedElsewhere(claim);
  const mine = claim.kind === 'apply' && claim.workflowRunId === context.ref.runId;
  const { cancelGraceMs } = deps.limits;
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

/** A run folder that another host has used a moment ago: what it started cannot be seen from here. */
export function usedElsewhere({ host, hardLimitAt, number }: RunView['claim']): Error {
  return new OperatorNeededError(
    `Terraform run ${number} of this experiment was started on ${host}, and whether it still runs cannot be seen from ${hostname()}.`,
    [
      `Start the worker on ${host} again: it goes on from there.`,
      `Or wait: after ${hardLimitAt} that run cannot be alive any more, and the next try goes on without asking.`,
    ],
  );
}

/** Whether an apply for this workflow run succeeded and all that it made is still alive. */
async function stillStands(
  { ref, folder, entry, entryContext }: ExperimentContext,
  last: RunView,
): Promise<boolean> {
  const { claim, exit } = last;
  if (claim.kind !== 'apply' || claim.workflowRunId !== ref.runId || !exit?.succeeded) return false;
  const records = readLaunchRecords(folder.path);
  const alive = records.length > 0 && records.every(({ identity }) => identity !== null && isAlive(identity));
  return alive && (await entry.isUsable(entryContext));
}

async function applyVariables(deps: InfrastructureDependencies, context: ExperimentContext) {
  const ports = await findFreePorts(context.entry.portsNeeded(context.ref.spec));
  return variablesOf(deps, context, ports);
}

/** Content of the tfvars file; the token is new, so that an apply replaces every process. */
export function variablesOf(
  deps: InfrastructureDependencies,
  { ref, folder, entry, entryContext }: ExperimentContext,
  ports: number[],
): Record<string, unknown> {
  const { spec } = ref;
  return terraformVariables(
    {
      experimentId: ref.experimentId,
      settings: spec.settings,
      launcher: {
        node: deps.node,
        projectFolder: deps.projectFolder,
        runFolder: folder.path,
        launchToken: randomUUID(),
      },
      generators: {
        // A spec that an earlier version accepted says nothing of them.
        number: workloadSchema.parse(spec.workload).generators,
        entry: deps.generatorEntry,
        temporalAddress: deps.temporal.address,
        temporalNamespace: deps.temporal.namespace,
        resultsBucket: deps.store.bucket,
        region: deps.aws.region,
        endpointUrl: deps.aws.endpointUrl,
      },
    },
    entry.variables(entryContext, ports),
  );
}

function assertNotCancelled(attempt: Attempt): void {
  assertOwned(attempt);
  if (attempt.ending() === 'cancelled') throw new AttemptCancelledError('provisioning was cancelled');
}

function assertNotSuperseded({ exit }: RunResult): void {
  if (exit?.outcome === 'superseded')
    throw new AttemptLostError('a later attempt has taken over this experiment');
}

function output({ ref, folder, entry, entryContext }: ExperimentContext, journal: Journal): ProvisionOutput {
  const outputs = journal.outputs;
  if (!outputs) throw new TerraformFailedError('terraform apply ended without outputs', journal.diagnostics);
  return {
    endpoint: technologyCard(ref.spec.technology).endpoint.parse(outputs.endpoint),
    generators: Number(outputs.generators),
    terraform: {
      version: journal.version ?? 'unknown',
      providers: providersOf(folder.root),
    },
    product: entry.product(entryContext),
  };
}
