import type { InventoryItem } from '../../src/contracts/documents/orphans.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import type { InfrastructureRef } from '../../src/contracts/temporal/infrastructure-activities.ts';
import type { InfrastructureDependencies } from './dependencies.ts';
import { type ExperimentContext, experimentContext } from './experiment-context.ts';
import { readBegun } from './folder/begun.ts';
import { readLock } from './folder/lock-info.ts';
import { localInventory } from './placements/local-processes.ts';

/** As `InfrastructureActivities.inventory`. */
export async function inventory(
  deps: InfrastructureDependencies,
  ref: InfrastructureRef,
): Promise<InventoryItem[]> {
  return itemsOf(deps, experimentContext(deps, ref));
}

/** What is there of an experiment: processes and folders here, what its placement made, and the state's lock. */
export async function itemsOf(
  deps: InfrastructureDependencies,
  context: ExperimentContext,
): Promise<InventoryItem[]> {
  const { placement, entryContext, folder, ref } = context;
  const [own, lock] = await Promise.all([
    readBegun(deps.store, placement, ref.experimentId).then((begun) =>
      placement.inventory({ ...entryContext, ...begun }),
    ),
    readLock(deps.store, ref.experimentId),
  ]);
  const locks: InventoryItem[] = lock
    ? [
        {
          kind: 'state-lock',
          name: s3Keys.terraformLock(ref.experimentId),
          description: `Terraform's state lock ${lock.ID}, held by ${lock.Who} since ${lock.Created.toISOString()}, found in S3`,
        },
      ]
    : [];
  return [...localInventory(deps.home, folder.path), ...own, ...locks];
}
