import type { ExperimentDetail } from '../../contracts/documents/api.ts';
import { s3Keys } from '../../contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { orUnreadable, type Records } from '../../storage/records.ts';
import { readOrphans } from '../sources/orphans.ts';
import { isOpen, sight } from '../sources/sighting.ts';
import type { TemporalGateway } from '../sources/temporal-gateway.ts';

interface Sources {
  gateway: TemporalGateway;
  records: Pick<Records, 'readExperiment'>;
  store: ObjectStore;
}

/**
 * Why a closed experiment may not be deleted yet, as a part of a sentence; null where nothing is in the way. A workflow
 * that closes by itself, and the reaper where it did not, record the end once nothing is alive any more; what they work
 * by must stay until then.
 */
export async function obstacleToRemoval(
  { gateway, records, store }: Sources,
  { id, comparisonId }: ExperimentDetail,
): Promise<string | null> {
  const own = await sight(gateway, id, 'experiment');
  if (own.kind === 'seen' && own.workflow.status === 'running') {
    return `its workflow has not ended yet (comparator show ${id} says what it waits for)`;
  }
  const { record } = await orUnreadable(records.readExperiment(id));
  // The reaper finds what is left of one whose record cannot be read without that record.
  if (record && record.phase !== 'closed') {
    return 'its workflow did not end by itself, and the reaper has not yet seen that nothing of it is alive (comparator reap does it at once)';
  }
  const known = await readOrphans(store);
  if (known?.orphans.some(({ experimentId }) => experimentId === id)) {
    return 'the reaper could not destroy what is left of it (comparator reap tries again)';
  }
  const left = await store.list(s3Keys.stateFolder(id), { limit: 1 });
  if (left.length > 0 && record) {
    return 'terraform still keeps a state of it, so something may be alive (comparator reap destroys it)';
  }
  if (comparisonId === null) return null;
  const comparison = await sight(gateway, comparisonId, 'comparison');
  return isOpen(comparison) ? `its comparison ${comparisonId} is open` : null;
}
