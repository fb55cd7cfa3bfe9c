import { useSearchParams } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { getJson } from '../data/api.ts';
import { type Resource, useResource } from '../data/use-resource.ts';

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** A list a page at a time; its filters and where it is stand in the address, so that a way back leads to them. */
export interface Pages<Item> extends Resource<Page<Item>> {
  filters: Record<string, string>;
  setFilter: (name: string, value: string) => void;
  /** From 1; null where it was opened by a link and nobody knows. */
  number: number | null;
  /** null where there is none. */
  next: (() => void) | null;
  previous: (() => void) | null;
  /** Whether there is nothing at all, whatever one asks for. */
  isEmpty: boolean;
}

const pageSize = 25;

/** @param names of the filters that this list has */
export function usePages<Item>(path: string, names: readonly string[]): Pages<Item> {
  const [parameters, setParameters] = useSearchParams();
  const filters = Object.fromEntries(names.map((name) => [name, parameters.get(name) ?? '']));
  const cursor = parameters.get('cursor');
  const earlier = cursorsOf(useHistoryState());
  const query = new URLSearchParams({ limit: String(pageSize) });
  for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value);
  if (cursor) query.set('cursor', cursor);
  const address = `${path}?${query}`;
  const resource = useResource(
    address,
    (signal) => getJson<Page<Item>>(address, signal),
    cursor ? undefined : 4_000,
  );
  const following = resource.data?.nextCursor ?? null;
  /** @param cursors of the pages before it; the first has none, and stands for itself */
  const goTo = (wanted: string | null, cursors: readonly string[]) =>
    setParameters((last) => withValue(last, 'cursor', wanted ?? ''), { state: { cursors } });
  return {
    ...resource,
    filters,
    isEmpty: resource.data?.items.length === 0 && !cursor && Object.values(filters).every((one) => !one),
    setFilter: (name, value) => {
      // A cursor is of one list: another filter begins at its first page.
      setParameters((last) => withValue(withValue(last, name, value), 'cursor', ''), { replace: true });
    },
    number: cursor === null ? 1 : earlier && earlier.length + 2,
    next: following ? () => goTo(following, cursor ? [...(earlier ?? []), cursor] : []) : null,
    previous: cursor ? () => goTo(earlier?.at(-1) ?? null, earlier?.slice(0, -1) ?? []) : null,
  };
}

/** Cursors of the pages between the first and this one, as kept beside the address; null where it was opened by a link. */
function cursorsOf(state: unknown): string[] | null {
  const { cursors } = (state ?? {}) as { cursors?: unknown };
  return Array.isArray(cursors) ? cursors.map(String) : null;
}

export function withValue(parameters: URLSearchParams, name: string, value: string): URLSearchParams {
  const changed = new URLSearchParams(parameters);
  if (value) changed.set(name, value);
  else changed.delete(name);
  return changed;
}
