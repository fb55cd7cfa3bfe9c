import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, inheritedEnvironment, projectRoot } from '../../src/config.ts';
import type { CloudSettings } from '../../src/machine/cloud/settings.ts';
import type { ToolPaths } from '../../src/stack/setup/tools.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import type { EndedTerraform } from '../../src/temporal/watching/worker-metrics.ts';
import type { MeasuredNow } from './quiet.ts';

/** What a root's folder, variables and environment are made from. */
export interface RootDependencies {
  /** `COMPARATOR_HOME`, absolute. */
  home: string;
  /** The folder that holds package.json; its terraform/ is copied into run folders. */
  projectFolder: string;
  /** The Node that runs supervisors, launchers and load generators. */
  node: string;
  /** The program of a load generator. */
  generatorEntry: string;
  tools: ToolPaths;
  /** What terraform's environment is made from, scrubbed. */
  environment: Record<string, string | undefined>;
  /** The results bucket, by its name. */
  store: Pick<ObjectStore, 'bucket'>;
  temporal: { address: string; namespace: string };
  aws: { region: string; endpointUrl: string | null };
  installationId: string;
  /** What of AWS may be used; `problem` says why nothing can be made there. */
  cloud: CloudSettings & { problem: string | null };
  /** The file of the user's clusters, absolute; null where there is none. */
  clustersFile: string | null;
  limits: TerraformLimits;
}

/** What the infrastructure activities are made of. */
export interface InfrastructureDependencies extends RootDependencies {
  /** The results bucket, which also holds the states. */
  store: ObjectStore;
  /** Told of each run of terraform once it has ended and was followed to its end. */
  terraformEnded?: (run: EndedTerraform) => void;
  /** Without, a destroy waits for no measurement. */
  measuredNow?: MeasuredNow;
}

export interface TerraformLimits {
  /** How long one run of terraform commands may take before it is asked to stop. */
  runMs: number;
  /** How long terraform may take to stop before it is killed. */
  patienceMs: number;
  /** How long an apply may go on after its attempt was cancelled, for a stop in mid-create can lose a resource. */
  cancelGraceMs: number;
}

/** Kinesis takes half a minute to create or destroy a stream; nothing on `local` takes minutes. */
export const localLimits: TerraformLimits = { runMs: 600_000, patienceMs: 60_000, cancelGraceMs: 60_000 };

/** No terraform lives longer than this, as a lock's age shows it; includes the supervisor's own time. */
export function hardLimitMs({ runMs, patienceMs }: TerraformLimits): number {
  return runMs + patienceMs + 60_000;
}

/** The dependencies of a worker of this project, from its settings and clients. */
export function infrastructureDependencies(
  options: Parameters<typeof rootDependencies>[0] &
    Required<Pick<InfrastructureDependencies, 'store' | 'measuredNow' | 'terraformEnded'>>,
): InfrastructureDependencies {
  const { store, measuredNow, terraformEnded } = options;
  return { ...rootDependencies(options), store, measuredNow, terraformEnded };
}

/** What roots need of this project's settings; makes the home. */
export function rootDependencies(options: {
  config: Config;
  tools: ToolPaths;
  store: RootDependencies['store'];
  temporal: RootDependencies['temporal'];
  installationId: string;
}): RootDependencies {
  const { config, tools, store, temporal, installationId } = options;
  mkdirSync(config.home, { recursive: true });
  return {
    // One spelling: processes are found by their run folder's path.
    home: realpathSync(config.home),
    projectFolder: projectRoot,
    node: process.execPath,
    generatorEntry: join(projectRoot, 'loadgen', 'worker.ts'),
    tools,
    environment: inheritedEnvironment(),
    store,
    temporal,
    aws: { region: config.aws.region, endpointUrl: config.aws.endpointUrl },
    installationId,
    cloud: config.cloud,
    clustersFile: config.clustersFile,
    limits: localLimits,
  };
}
