import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { s3Keys } from '../contracts/storage/s3-keys.ts';
import type { ObjectStore, TaggedKey } from './object-store.ts';

const readsAtOnce = 32;
/** Fewer entries than this are read one by one faster than a snapshot of all is written. */
const worthASnapshot = 200;

const lineSchema = z.object({ key: z.string(), etag: z.string(), summary: z.unknown() });

interface Entry<Summary> extends TaggedKey {
  summary: Summary;
}

/**
 * Reads the whole index of a kind, in the order of its keys. What an earlier reading has left in a snapshot is believed
 * where the listing gives the same tag, so that 100,000 entries cost a hundred calls and not 100,000; the others are
 * read. The snapshot is a copy: without it, or with a stale or torn one, the answer is the same.
 */
export async function readIndex<Summary>(
  store: ObjectStore,
  kind: 'experiments' | 'comparisons',
  schema: z.ZodType<Summary>,
): Promise<Summary[]> {
  const [listed, known] = await Promise.all([
    store.listTagged(s3Keys.indexFolder(kind)),
    readSnapshot(store, kind),
  ]);
  let read = 0;
  const entryOf = async ({ key, etag }: TaggedKey): Promise<Entry<Summary>[]> => {
    const snapped = known.get(key);
    if (snapped && snapped.etag === etag) {
      const parsed = schema.safeParse(snapped.summary);
      if (parsed.success) return [{ key, etag, summary: parsed.data }];
    }
    read += 1;
    // One entry that cannot be read, or was deleted just now, must not hide all others.
    const parsed = schema.safeParse(await store.getJson(key).catch(nullIfNotJson));
    return parsed.success ? [{ key, etag, summary: parsed.data }] : [];
  };
  const entries: Entry<Summary>[] = await Readable.from(listed)
    .flatMap(entryOf, { concurrency: readsAtOnce })
    .toArray();
  if (read >= worthASnapshot) await writeSnapshot(store, kind, entries);
  return entries.map(({ summary }) => summary);
}

async function readSnapshot(
  store: ObjectStore,
  kind: 'experiments' | 'comparisons',
): Promise<Map<string, { etag: string; summary?: unknown }>> {
  const body = await store.get(s3Keys.indexSnapshot(kind));
  if (body === null) return new Map();
  try {
    const lines = (await promisify(gunzip)(body)).toString().split('\n').filter(Boolean);
    return new Map(
      lines.map((line) => {
        const entry = lineSchema.parse(JSON.parse(line));
        return [entry.key, entry];
      }),
    );
  } catch {
    return new Map();
  }
}

async function writeSnapshot(
  store: ObjectStore,
  kind: 'experiments' | 'comparisons',
  entries: readonly Entry<unknown>[],
): Promise<void> {
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  await store.put(s3Keys.indexSnapshot(kind), await promisify(gzip)(text), 'application/gzip');
}

function nullIfNotJson(error: unknown): null {
  if (error instanceof SyntaxError) return null;
  throw error;
}
