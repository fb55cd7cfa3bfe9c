import { basename, dirname } from 'node:path';
import { idSchema } from '../../src/contracts/input/ids.ts';
import type { FoundExperiments } from '../../src/contracts/temporal/control-activities.ts';
import { experimentEnvironment } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { findVariableValues } from '../../src/machine/scan.ts';
import type { InfrastructureDependencies } from './dependencies.ts';
import { runFolders } from './folder/experiment-folder.ts';
import { everySubject } from './placements/registry.ts';

/**
 * This installation's experiments that have, or may have, anything: run folders and processes below this home, states in
 * the bucket, and what placements find by name. What another home, bucket or installation has is not seen.
 */
export async function findExperiments(deps: InfrastructureDependencies): Promise<FoundExperiments> {
  const [states, named] = await Promise.all([statesIn(deps), namedOwners(deps)]);
  const found = [...runFolders(deps.home), ...processOwners(deps.home), ...states, ...named.ids];
  const ids = [...new Set(found)].filter((id) => idSchema.safeParse(id).success).sort();
  const expired = [...new Set(named.expired)].filter((id) => ids.includes(id));
  return { ids, unlisted: named.unlisted, ...(expired.length > 0 ? { expired } : {}) };
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

type Installation = Pick<InfrastructureDependencies, 'installationId' | 'aws' | 'clustersFile' | 'cloud'>;

/** One that cannot be asked, for want of rights or because it is away, keeps nothing of the others from being found. */
async function namedOwners({
  installationId,
  aws,
  clustersFile,
  cloud,
}: Installation): Promise<Required<FoundExperiments>> {
  const found: Required<FoundExperiments> = { ids: [], unlisted: [], expired: [] };
  const installation = { installationId, ...aws, clustersFile, cloud };
  await Promise.all(
    everySubject().map(async ({ technology, target, placement }) => {
      try {
        found.ids.push(...((await placement.owners?.(installation)) ?? []));
        found.expired.push(...((await placement.expired?.(installation)) ?? []));
      } catch (error) {
        found.unlisted.push({ technology, target, reason: (error as Error).message });
      }
    }),
  );
  return found;
}
