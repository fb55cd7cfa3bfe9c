import { z } from 'zod';

const itemSchema = z.object({
  id: z.string(),
  name: z.string().nullish(),
  outcome: z.string().nullable(),
  phase: z.string().optional(),
  comparisonId: z.string().nullish(),
});
const pageSchema = z.object({ items: z.array(itemSchema), nextCursor: z.string().nullish() });
type Item = z.infer<typeof itemSchema>;

/** An experiment that is not closed. */
export interface OpenExperiment {
  id: string;
  phase: string;
  comparisonId: string | null;
}

/** Experiments and comparisons that are not closed. */
export interface OpenWork {
  experiments: OpenExperiment[];
  comparisonIds: string[];
}

/** What the orchestrator asks of the API. Errors mean that the API does not answer. */
export interface OpenWorkClient {
  list(): Promise<OpenWork>;
  /** False when it had closed meanwhile, or the API refused. */
  cancel(kind: 'experiments' | 'comparisons', id: string): Promise<boolean>;
}

/** The client of an API that listens at `url`; `key` is its bearer key, if it wants one. */
export function openWorkClient(url: string, key: string | undefined): OpenWorkClient {
  const request = (path: string, method = 'GET') =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        ...(key && { authorization: `Bearer ${key}` }),
        ...(method === 'POST' && { 'content-type': 'application/json' }),
      },
      ...(method === 'POST' && { body: '{}' }),
      signal: AbortSignal.timeout(5_000),
    });
  const listOpen = async (kind: 'experiments' | 'comparisons'): Promise<Item[]> => {
    const open: Item[] = [];
    for (let cursor = ''; ; ) {
      const response = await request(
        `/api/${kind}?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      if (!response.ok) throw new Error(`the API answered ${response.status}`);
      const page = pageSchema.parse(await response.json());
      const openHere = page.items.filter(
        ({ outcome, phase }) => outcome === null || (phase ?? 'closed') !== 'closed',
      );
      open.push(...openHere);
      // Newest first: once a whole page is closed, hardly anything older is open.
      if (!page.nextCursor || openHere.length === 0) return open;
      cursor = page.nextCursor;
    }
  };
  return {
    async list() {
      const [experiments, comparisons] = await Promise.all([
        listOpen('experiments'),
        listOpen('comparisons'),
      ]);
      return {
        experiments: experiments.map(({ id, phase, comparisonId }) => ({
          id,
          phase: phase ?? 'unknown',
          comparisonId: comparisonId ?? null,
        })),
        comparisonIds: comparisons.map(({ id }) => id),
      };
    },
    cancel: async (kind, id) => (await request(`/api/${kind}/${encodeURIComponent(id)}/cancel`, 'POST')).ok,
  };
}
