import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { getJson } from '../data/api.ts';
import { type Resource, useResource } from '../data/use-resource.ts';

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** A list a page at a time, filtered by what stands in the address. */
export interface Pages<Item> extends Resource<Page<Item>> {
  filters: Record<string, string>;
  setFilter: (name: string, value: string) => void;
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
  const [paging, setPaging] = useState<{ of: string; cursors: string[] }>({ of: '', cursors: [] });
  const filters = Object.fromEntries(names.map((name) => [name, parameters.get(name) ?? '']));
  const query = new URLSearchParams({ limit: String(pageSize) });
  for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value);
  // A cursor is of one list: another filter begins at its first page.
  const of = String(query);
  const cursors = paging.of === of ? paging.cursors : [];
  const cursor = cursors.at(-1);
  if (cursor) query.set('cursor', cursor);
  const address = `${path}?${query}`;
  const resource = useResource(
    address,
    (signal) => getJson<Page<Item>>(address, signal),
    cursor ? undefined : 4_000,
  );
  const following = resource.data?.nextCursor ?? null;
  return {
    ...resource,
    filters,
    isEmpty: resource.data?.items.length === 0 && !cursor && Object.values(filters).every((one) => !one),
    setFilter: (name, value) => {
      setParameters(
        (last) => {
          const changed = new URLSearchParams(last);
          if (value) changed.set(name, value);
          else changed.delete(name);
          return changed;
        },
        { replace: true },
      );
    },
    next: following ? () => setPaging({ of, cursors: [...cursors, following] }) : null,
    previous: cursors.length > 0 ? () => setPaging({ of, cursors: cursors.slice(0, -1) }) : null,
  };
}
