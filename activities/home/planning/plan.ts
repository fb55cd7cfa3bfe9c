import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, defaultTemporalAddress } from '../../../src/config.ts';
import type { Diagnostic } from '../../../src/contracts/documents/progress.ts';
import type { ExperimentSpec } from '../../../src/contracts/input/experiment.ts';
import { writeJsonAtomic } from '../../../src/machine/atomic-file.ts';
import { ensureTools } from '../../../src/stack/setup/ensure.ts';
import {
  awsProviderRequirement,
  terraformRequirement,
} from '../../../src/stack/setup/terraform/terraform.ts';
import { toolPaths } from '../../../src/stack/setup/tools.ts';
import { UserError, wrongUse } from '../../../src/user-error.ts';
import { type RootDependencies, rootDependencies } from '../dependencies.ts';
import { type ExperimentContext, experimentContext } from '../experiment-context.ts';
import { prepareExperimentFolder } from '../folder/experiment-folder.ts';
import { prepareTemporaryFolder } from '../folder/temporary.ts';
import { regionOf } from '../placements/aws/variables.ts';
import { variablesOf } from '../placements/variables.ts';
import { type PlannedResource, plannedResources } from './planned-resources.ts';
import { refusalOf } from './refusal.ts';
import { runTerraform } from './run-terraform.ts';

/** What terraform would make for experiments that give their root the same variables. */
export interface InfrastructurePlan {
  /** Of the experiments. */
  names: string[];
  region: string;
  resources: PlannedResource[];
  warnings: Diagnostic[];
}

/** Part of the names of all that is planned, should anybody ever meet them. */
const installationId = 'plan';

/**
 * Plans what experiments with `target: aws` would make, by terraform and with the roots, variables and environment of a
 * real run, but a state of its own: nothing is made, and nothing is left on this machine.
 * @param say told what set-up does
 * @param signal ends it; the error is then `signal`'s own
 * @throws UserError where it is refused or fails, and what to do
 */
export async function planInfrastructure(
  config: Config,
  specs: readonly ExperimentSpec[],
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<InfrastructurePlan[]> {
  const ours = specs.filter(({ target }) => target === 'aws');
  if (ours.length === 0) {
    throw new UserError('Terraform plans for target: aws only, and nothing here is for it.', wrongUse);
  }
  // Only this user can look into it.
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'comparator-plan-')));
  try {
    const own = { ...config, home };
    const deps = dependenciesOf(own);
    const groups = distinctRoots(deps, ours);
    // All of them before anything is started.
    for (const { context, names } of groups) await refusing(names, assertReady(context, signal));
    await ensureTools(own, say, [terraformRequirement, awsProviderRequirement(own)]);
    prepareTemporaryFolder(home);
    const plans: InfrastructurePlan[] = [];
    for (const group of groups) plans.push(await refusing(group.names, planOf(deps, group, signal)));
    return plans;
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Neither a store nor Temporal is within its reach. */
function dependenciesOf(config: Config): RootDependencies {
  const { address, namespace } = config.temporal;
  return rootDependencies({
    config,
    tools: toolPaths(config),
    store: { bucket: config.resultsBucket },
    temporal: { address: address ?? defaultTemporalAddress, namespace },
    installationId,
  });
}

/** Experiments whose root and variables are the same. */
interface Group {
  names: string[];
  context: ExperimentContext;
  variables: Record<string, unknown>;
}

function distinctRoots(deps: RootDependencies, specs: readonly ExperimentSpec[]): Group[] {
  const groups = new Map<string, Group>();
  for (const spec of specs) {
    const id = `plan-${groups.size + 1}`;
    const context = experimentContext(deps, { experimentId: id, runId: id, spec });
    // Nothing of it listens on this machine.
    const variables = variablesOf(deps, context, []);
    // What it is called, and from when on it may be destroyed, change nothing of what is made.
    const { experiment_id: _id, expires_at: _expires, ...decisive } = variables;
    const key = JSON.stringify([spec.technology, decisive]);
    const group = groups.get(key) ?? { names: [], context, variables };
    group.names.push(spec.name);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Looks whether account and region may be used; SDKs cannot be interrupted, so that whoever wants to end does not wait. */
async function assertReady({ placement, entryContext }: ExperimentContext, signal: AbortSignal) {
  signal.throwIfAborted();
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  await Promise.race([placement.assertReady?.(entryContext), ended]);
}

/** The state is a file beside the root, which nobody else can know of, so that there is no lock. */
async function planOf(
  deps: RootDependencies,
  { names, context, variables }: Group,
  signal: AbortSignal,
): Promise<InfrastructurePlan> {
  const { folder, ref } = context;
  prepareExperimentFolder(folder, join(deps.projectFolder, 'terraform'), ref.spec.technology, () => {});
  writeFileSync(join(folder.root, 'backend_override.tf'), 'terraform {\n  backend "local" {}\n}\n');
  writeJsonAtomic(folder.variables, variables);
  await runTerraform(context, ['init', '-json', '-input=false'], signal);
  const args = ['plan', '-json', '-input=false', '-lock=false'];
  const { output, journal } = await runTerraform(context, args, signal);
  return {
    names,
    region: regionOf(context.entryContext),
    resources: plannedResources(output),
    warnings: journal.diagnostics,
  };
}

async function refusing<T>(names: readonly string[], work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw refusalOf(names, error);
  }
}
