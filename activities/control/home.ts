import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import { readJson, writeJsonExclusive } from '../../src/machine/atomic-file.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import { StartError } from '../../src/temporal/start-error.ts';

/** The home whose workers do an installation's work: processes and run folders are seen from there alone. */
const homeSchema = z.object({
  id: z.string().min(1),
  host: z.string(),
  /** When a worker of it started last. */
  startedAt: z.iso.datetime(),
});

/** What is known of the workers and the experiments of a namespace. */
export interface HomeWitness {
  /** Whether a worker of this home has asked for work of late. */
  isPolling(homeId: string): Promise<boolean>;
  /** How many experiments are open. */
  openExperiments(): Promise<number>;
}

/** A worker that has just started may not have asked for work yet. */
const startingMs = 60_000;

/** Id of a home, made once and kept in it. */
export function homeIdOf(home: string): string {
  const file = join(home, 'home.json');
  const schema = z.object({ id: z.string().min(1) });
  const known = readJson(file, schema);
  if (known) return known.id;
  writeJsonExclusive(file, { id: randomBytes(4).toString('hex') });
  return (readJson(file, schema) as { id: string }).id;
}

/**
 * Makes this the home of the installation. Two at once would start a second broker beside the first, and destroy only
 * their own; so another one takes over only once the first is silent, and nothing can be left of it.
 * @throws StartError that says what to do
 */
export async function claimHome(
  store: ObjectStore,
  id: string,
  witness: HomeWitness,
  nowEpochMs: number = Date.now(),
): Promise<void> {
  const own = { id, host: hostname(), startedAt: new Date(nowEpochMs).toISOString() };
  if (await store.putJsonIfAbsent(s3Keys.home, own)) return;
  const owner = homeSchema.safeParse(await store.getJson(s3Keys.home)).data;
  if (owner && owner.id !== id) {
    const what = await whyNot(store, owner, witness, nowEpochMs);
    if (what) throw secondHome(what, owner, store.bucket);
  }
  await store.putJson(s3Keys.home, own);
}

async function whyNot(
  store: ObjectStore,
  owner: z.infer<typeof homeSchema>,
  witness: HomeWitness,
  nowEpochMs: number,
): Promise<string | null> {
  if (nowEpochMs - Date.parse(owner.startedAt) < startingMs) return 'its worker has just started';
  if (await witness.isPolling(owner.id)) return 'its worker runs, or has stopped less than two minutes ago';
  const open = await witness.openExperiments();
  if (open > 0) return `experiments are open there (${open})`;
  const states = await store.list('state/', { limit: 1 });
  return states.length > 0 ? 'what experiments have left there is not destroyed yet' : null;
}

function secondHome(what: string, { id, host }: z.infer<typeof homeSchema>, bucket: string): StartError {
  return new StartError(
    `Another home works for this namespace and bucket, ${id} on ${host}, and ${what}.\n` +
      'What experiments start on a machine is seen from its own home alone, so there can be one at a time.\n' +
      `Use that home; or another namespace (TEMPORAL_NAMESPACE) and bucket (COMPARATOR_RESULTS_BUCKET).\n` +
      `If ${host} is lost for good, remove ${s3Keys.home} from the bucket ${bucket}: then its experiments are destroyed from here.`,
  );
}
