import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../../src/contracts/input/text/json-syntax.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import { readJsonOrNull, writeJsonAtomic, writeJsonExclusive } from '../../src/machine/atomic-file.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import { StartError } from '../../src/temporal/start-error.ts';

/** The home whose workers do an installation's work: processes and run folders are seen from there alone. */
const homeSchema = z.object({
  id: z.string().min(1),
  host: z.string(),
  /** Its path there; releases before 0.3.0 do not say. */
  folder: z.string().optional(),
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

/**
 * Id of a home, made once and kept in it. Where the file was lost to a loss of power, the bucket may know which home lies
 * in this very folder.
 */
export async function homeIdOf(store: Pick<ObjectStore, 'getJson'>, folder: string): Promise<string> {
  const file = join(folder, 'home.json');
  const read = () => readJsonOrNull(file, z.object({ id: z.string().min(1) }))?.id;
  const fresh = randomBytes(4).toString('hex');
  const known = read();
  if (known !== undefined) return known;
  if (writeJsonExclusive(file, { id: fresh })) return fresh;
  // There is a file by now: another worker's, or one that cannot be read.
  const other = read();
  if (other !== undefined) return other;
  const owner = homeSchema.safeParse(await store.getJson(s3Keys.home)).data;
  const id = owner && owner.host === hostname() && owner.folder === folder ? owner.id : fresh;
  writeJsonAtomic(file, { id });
  return id;
}

/**
 * Makes this the home of the installation. Two at once would start a second broker beside the first, and destroy only
 * their own; so another one takes over only once the first is silent, and nothing can be left of it.
 * @throws StartError that says what to do
 */
export async function claimHome(
  store: ObjectStore,
  { id, folder }: { id: string; folder: string },
  witness: HomeWitness,
  nowEpochMs: number = Date.now(),
): Promise<void> {
  const own = { id, host: hostname(), folder, startedAt: new Date(nowEpochMs).toISOString() };
  for (;;) {
    if (await store.putJsonIfAbsent(s3Keys.home, own)) return;
    const found = await store.getTagged(s3Keys.home);
    if (!found) continue;
    const read = parseJson(found.text);
    const owner = homeSchema.safeParse(read.ok ? read.value : null).data;
    if (owner && owner.id !== id) {
      const what = await whyNot(store, owner, witness, nowEpochMs);
      if (what) throw secondHome(what, owner, store.bucket);
    }
    // Two may find the first one silent: the later finds the other then, which has just started.
    if (await store.putJsonOver(s3Keys.home, own, found.etag)) return;
  }
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
