import { setTimeout as delay } from 'node:timers/promises';
import { comparisonDetailSchema, experimentDetailSchema } from '../../contracts/documents/api.ts';
import type { ApiClient, Detail, WorkKind } from '../api/api-client.ts';
import { ApiError } from '../api/api-connection.ts';
import type { ProgressView } from './progress-view.ts';

/** How long the API may be away before watching is given up; a restart of it takes seconds. */
const patienceMs = 60_000;

/**
 * Shows how something goes on until it is closed, and returns what it then is; null when the signal aborts before.
 * Survives a restart of the API.
 * @throws ApiError when there is no such thing; NoApiError when the API stays away for a minute
 */
export async function watch<Kind extends WorkKind>(
  client: ApiClient,
  kind: Kind,
  id: string,
  options: { view: ProgressView<Kind>; signal: AbortSignal },
): Promise<Detail<Kind> | null>;
export async function watch<Kind extends WorkKind>(
  client: ApiClient,
  kind: Kind,
  id: string,
  options: { view: ProgressView<Kind>; signal?: undefined },
): Promise<Detail<Kind>>;
export async function watch<Kind extends WorkKind>(
  client: ApiClient,
  kind: Kind,
  id: string,
  {
    view,
    signal = new AbortController().signal,
  }: { view: ProgressView<Kind>; signal?: AbortSignal | undefined },
): Promise<Detail<Kind> | null> {
  const schema = kind === 'experiments' ? experimentDetailSchema : comparisonDetailSchema;
  let heardAt = Date.now();
  let last = {};
  try {
    while (!signal.aborted) {
      try {
        for await (const { event, data } of client.events(kind, id, signal)) {
          heardAt = Date.now();
          // Not every event repeats what does not change.
          const detail = schema.parse({ ...last, ...JSON.parse(data) }) as Detail<Kind>;
          last = detail;
          view.show(detail);
          if (event === 'closed') return detail;
        }
      } catch (error) {
        if (signal.aborted) break;
        // A refusal is final; anything else may be a restart.
        if (error instanceof ApiError && error.status < 500) throw error;
        if (Date.now() - heardAt > patienceMs) throw error;
      }
      await delay(500, undefined, { signal }).catch(() => {});
    }
    return null;
  } finally {
    view.done();
  }
}
