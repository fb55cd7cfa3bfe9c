import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { idSchema } from '../../src/contracts/input/ids.ts';
import { experimentEnvironment } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { findVariableValues } from '../../src/machine/scan.ts';
import type { InfrastructureDependencies } from './dependencies.ts';
import { placements } from './placements/registry.ts';

/**
 * Ids of this installation's experiments that have, or may have, anything: run folders and processes below this home,
 * states in the bucket, and what placements find by name. What another home, bucket or installation has is not seen.
 */
export async function findExperiments(deps: InfrastructureDependencies): Promise<string[]> {
  const [states, named] = await Promise.all([statesIn(deps), namedOwners(deps)]);
  const found = [...runFolders(deps.home), ...processOwners(deps.home), ...states, ...named];
  return [...new Set(found)].filter((id) => idSchema.safeParse(id).success).sort();
}

function runFolders(home: string): string[] {
  try {
    // What begins with a dot is being made, or being removed.
    return readdirSync(`${home}/experiments`).filter((name) => !name.startsWith('.'));
  } catch {
    return [];
  }
}

function processOwners(home: string): string[] {
  return findVariableValues(experimentEnvironment.runFolder, `${home}/experiments/`).map((folder) =>
    basename(folder),
  );
}

async function statesIn({ store }: InfrastructureDependencies): Promise<string[]> {
  const keys = await store.list('state/');
  return keys.map((key) => basename(dirname(key)));
}

async function namedOwners({
  installationId,
  aws,
  clustersFile,
}: InfrastructureDependencies): Promise<string[]> {
  const all = Object.values(placements).flatMap((targets) => Object.values(targets));
  const owners = await Promise.all(
    all.map((placement) => placement.owners?.({ installationId, ...aws, clustersFile }) ?? []),
  );
  return owners.flat();
}
