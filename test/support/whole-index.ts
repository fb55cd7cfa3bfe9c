import type { IndexOf } from '../../src/storage/records.ts';

/** All that an index holds, in its order, as whoever knows nothing of it reads it. */
export async function wholeIndex<Summary>(index: IndexOf<Summary>): Promise<Summary[]> {
  const all: Summary[] = [];
  for await (const { changed } of index.pages()) all.push(...changed.map(({ summary }) => summary));
  return all;
}
