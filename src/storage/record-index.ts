import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, createGzip, gunzip, type InputType, type ZlibOptions } from 'node:zlib';
import { z } from 'zod';
import { s3Keys } from '../contracts/storage/s3-keys.ts';
import type { ObjectStore, TaggedKey } from './object-store.ts';

const readsAtOnce = 32;
const linesAtOnce = 500;
/** The newest come at once, for whoever waits for them. */
const firstPage = 100;
const furtherPages = 1_000;

export type IndexKind = 'experiments' | 'comparisons';

export interface IndexEntry<Summary> {
  /** Its key below the folder of the index, which sorts the newest first. */
  place: string;
  /** Another one once the entry has changed. */
  etag: string;
  summary: Summary;
}

/** All that there is in the index between the page before and `through`. */
export interface IndexPage<Summary> {
  /** Those that were not known, or have changed. */
  changed: IndexEntry<Summary>[];
  /** Places of those that are as they were known. */
  same: string[];
  /** The place of the last; null where nothing follows. */
  through: string | null;
  /** How many were read one by one, since nobody knew them. */
  read: number;
}

/**
 * Reads the index of a kind page by page, the newest first. Entries that are known, here or in the snapshot in the
 * bucket, are not read again, so that 100,000 cost a hundred calls and not 100,000.
 * @param known tags of the entries at these places, as far as they are known
 */
export async function* readIndex<Summary>(
  store: ObjectStore,
  kind: IndexKind,
  schema: z.ZodType<Summary>,
  known: (places: string[]) => Map<string, string>,
): AsyncGenerator<IndexPage<Summary>> {
  const folder = s3Keys.indexFolder(kind);
  let snapshot: Snapshot | null = null;
  let after = '';
  for (let limit = firstPage; ; limit = furtherPages) {
    const listed = await store.listTagged(folder, { limit, ...(after && { startAfter: folder + after }) });
    const placed = listed.map(({ key, etag }) => ({ key, etag, place: key.slice(folder.length) }));
    const tags = known(placed.map(({ place }) => place));
    // Whoever knows nothing of what is older takes what another has left of it.
    if (after !== '' && tags.size === 0) snapshot ??= await readSnapshot(store, kind);
    const others = placed.filter(({ place, etag }) => tags.get(place) !== etag);
    let read = 0;
    const entryOf = async ({ key, etag, place }: TaggedKey & { place: string }) => {
      const copied = snapshot?.get(place);
      const taken = schema.safeParse(copied?.etag === etag ? copied.summary : null);
      if (taken.success) return [{ place, etag, summary: taken.data }];
      read += 1;
      // One entry that cannot be read, or was deleted just now, must not hide all others.
      const parsed = schema.safeParse(await store.getJson(key).catch(nullIfNotJson));
      return parsed.success ? [{ place, etag, summary: parsed.data }] : [];
    };
    const changed = await Readable.from(others).flatMap(entryOf, { concurrency: readsAtOnce }).toArray();
    const same = placed.filter(({ place, etag }) => tags.get(place) === etag).map(({ place }) => place);
    const through = placed.length < limit ? null : (placed.at(-1)?.place ?? null);
    yield { changed, same, through, read };
    if (through === null) return;
    after = through;
  }
}

/** What a snapshot keeps of an entry, a line each. */
const lineSchema = z.object({ key: z.string(), etag: z.string(), summary: z.unknown() });
type Snapshot = Map<string, { etag: string; summary?: unknown }>;

/**
 * Writes down what is known of the index, for processes that know nothing of it.
 * @param entries their summaries as JSON
 */
export async function writeSnapshot(
  store: ObjectStore,
  kind: IndexKind,
  entries: Iterable<IndexEntry<string>>,
): Promise<void> {
  const folder = s3Keys.indexFolder(kind);
  function* lines() {
    for (const { place, etag, summary } of entries) {
      const [key, tag] = [JSON.stringify(folder + place), JSON.stringify(etag)];
      yield `{"key":${key},"etag":${tag},"summary":${summary}}\n`;
    }
  }
  const zipped: Buffer[] = await Readable.from(lines()).compose(createGzip()).toArray();
  await store.put(s3Keys.indexSnapshot(kind), Buffer.concat(zipped), 'application/gzip');
}

/** It is a copy: a torn one counts for as much as can be read of it, and none for nothing. */
async function readSnapshot(store: ObjectStore, kind: IndexKind): Promise<Snapshot> {
  const folder = s3Keys.indexFolder(kind);
  const snapshot: Snapshot = new Map();
  const body = await store.get(s3Keys.indexSnapshot(kind));
  if (body === null) return snapshot;
  try {
    const text = await promisify<InputType, ZlibOptions, Buffer>(gunzip)(body, {
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    for (let from = 0; from < text.length; ) {
      const end = text.indexOf('\n', from);
      const { key, ...entry } = lineSchema.parse(JSON.parse(text.toString('utf8', from, end)));
      snapshot.set(key.slice(folder.length), entry);
      from = end + 1;
      // Others are answered meanwhile.
      if (snapshot.size % linesAtOnce === 0) await nextTurn();
    }
  } catch {
    // What was read before the tear has its tags.
  }
  return snapshot;
}

function nullIfNotJson(error: unknown): null {
  if (error instanceof SyntaxError) return null;
  throw error;
}
