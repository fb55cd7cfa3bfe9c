import { s3Keys } from '../../contracts/storage/s3-keys.ts';
import type { Page, PageOptions } from '../../storage/records.ts';
import { HttpProblem } from '../http/problems.ts';

/** Index entries looked at for one page; a filter that matches little then gives a short page, and a cursor. */
const maxScanned = 1_000;

/** What places an item in the order of a list. */
export interface Listed {
  id: string;
  submittedAt: string;
}

export interface MergedListOptions<T extends Listed> {
  kind: 'experiments' | 'comparisons';
  /** Position after which the page begins, from `decodeCursor`; null for the newest. */
  after: string | null;
  limit: number;
  /** Pages of the index in storage. */
  index(options: PageOptions): Promise<Page<T>>;
  /** Those that are open and not in the index yet. */
  unrecorded: T[];
  /** Brings index entries up to date that were written while their workflow ran. */
  refresh(items: T[]): Promise<T[]>;
  matches(item: T): boolean;
}

/**
 * A page of what is in the index and what only Temporal knows, newest first.
 * @returns `nextCursor` is opaque, and null on the last page
 */
export async function mergedPage<T extends Listed>(options: MergedListOptions<T>): Promise<Page<T>> {
  const { kind, limit, matches } = options;
  const items: T[] = [];
  let scanned = 0;
  let last: string | null = null;
  for await (const item of merged(options)) {
    // Only one that is known to follow makes another page worth asking for.
    if (last !== null && (items.length >= limit || scanned >= maxScanned)) {
      return { items, nextCursor: encodeCursor(last) };
    }
    scanned += 1;
    last = position(kind, item);
    if (matches(item)) items.push(item);
  }
  return { items, nextCursor: null };
}

async function* merged<T extends Listed>(options: MergedListOptions<T>): AsyncGenerator<T> {
  const { kind, after, index, refresh } = options;
  const waiting = options.unrecorded
    .map((item) => ({ item, key: position(kind, item) }))
    .filter(({ key }) => after === null || key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  let cursor = after;
  do {
    const page = await index({ cursor, limit: Math.min(100, options.limit + 1) });
    for (const item of await refresh(page.items)) {
      while (waiting[0] && waiting[0].key < position(kind, item)) yield waiting.shift()?.item as T;
      yield item;
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  for (const { item } of waiting) yield item;
}

/** Place in the order of the index, which sorts the newest first. */
function position(kind: 'experiments' | 'comparisons', { submittedAt, id }: Listed): string {
  return s3Keys.index(kind, new Date(submittedAt), id).slice(`index/${kind}/`.length);
}

function encodeCursor(place: string): string {
  return Buffer.from(place).toString('base64url');
}

/**
 * The place that an earlier page's cursor stands for.
 * @throws HttpProblem 422 when it is none of ours
 */
export function decodeCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const place = Buffer.from(cursor, 'base64url').toString();
  if (/^\d{13}-[\w-]+\.json$/.test(place)) return place;
  throw new HttpProblem(422, 'The query is not valid: one field must be corrected, see errors.', {
    errors: [{ pointer: '/cursor', detail: 'must be the nextCursor of an earlier page, unchanged' }],
  });
}
