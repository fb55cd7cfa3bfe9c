import { useEffect, useState } from 'react';
import { ApiError, asApiError, getJson, request } from './api.ts';
import { backoffMs } from './backoff.ts';
import { type EventListeners, readEvents, StreamStalled, within } from './read-events.ts';
import type { Seen } from './reading.ts';

/** What a stream told last, and whether it is connected. */
export interface Live<T> {
  data: T | null;
  error: ApiError | null;
  connected: boolean;
  /** ms since 1970 of the last news, where there has been none for a while although the server is there. */
  noNewsSince: number | null;
}

const longestSilenceMs = 15_000;
const quietAfterMs = 5_000;
const unseenEveryMs = 15_000;

/** Not `EventSource`: that cannot send a key. */
async function listen(
  path: string,
  lastId: string | null,
  signal: AbortSignal,
  listeners: EventListeners,
): Promise<void> {
  const headers: Record<string, string> = { Accept: 'text/event-stream' };
  if (lastId !== null) headers['Last-Event-ID'] = lastId;
  const connection = new AbortController();
  const both = AbortSignal.any([signal, connection.signal]);
  try {
    const response = await within(longestSilenceMs, request(path, { signal: both, headers }));
    if (response.body) await readEvents(response.body, listeners, longestSilenceMs);
  } finally {
    connection.abort();
  }
}

/**
 * The state of an experiment or a comparison as its event stream tells it, connected again after every loss until the
 * stream says that it is closed. A browser has six connections to a host, so that a tab which nobody sees keeps none: its
 * state is asked for now and then.
 * @param path of what is told; its stream is below it
 * @param onEvent called with each state, in their order
 */
export function useLive<T extends { spec: unknown }>(path: string, onEvent?: (data: T) => void): Live<T> {
  const [state, setState] = useState<Live<T>>({
    data: null,
    error: null,
    connected: false,
    noNewsSince: null,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new listener is no reason to connect anew
  useEffect(() => {
    const stop = new AbortController();
    void follow(path, stop.signal, setState, onEvent);
    return () => stop.abort();
  }, [path]);
  return state;
}

async function follow<T extends { spec: unknown }>(
  path: string,
  signal: AbortSignal,
  setState: (update: (last: Live<T>) => Live<T>) => void,
  onEvent?: (data: T) => void,
): Promise<void> {
  let lastId: string | null = null;
  let closed = false;
  let spec: unknown = null;
  let lastNewsAt = Date.now();
  const tell = (told: T) => {
    lastNewsAt = Date.now();
    // Those between the first and the last leave out a spec that is still the same.
    spec = told.spec ?? spec;
    const whole = { ...told, spec } as T;
    onEvent?.(whole);
    setState(() => ({ data: whole, error: null, connected: true, noNewsSince: null }));
  };
  for (let failures = 0; !signal.aborted && !closed; ) {
    const change = untilSeenOtherwise(document, signal);
    try {
      if (document.hidden) {
        tell(await getJson<T>(path, AbortSignal.any([change, AbortSignal.timeout(unseenEveryMs)])));
        await pause(unseenEveryMs, change);
        continue;
      }
      await listen(`${path}/events`, lastId, change, {
        onEvent: ({ event, id, data }) => {
          failures = 0;
          lastId = id ?? lastId;
          closed = event === 'closed';
          tell(JSON.parse(data) as T);
        },
        onComment: () => {
          if (Date.now() - lastNewsAt < quietAfterMs) return;
          setState((last) => ({ ...last, error: null, connected: true, noNewsSince: lastNewsAt }));
        },
      });
    } catch (error) {
      if (signal.aborted) return;
      // Nothing was lost: it was closed here.
      if (change.aborted) continue;
      const known = error instanceof StreamStalled ? new ApiError(error.message, null) : asApiError(error);
      setState((last) => ({ ...last, error: known, connected: false, noNewsSince: null }));
      if (known.status === 404 || known.status === 401) return;
    }
    if (closed || signal.aborted) break;
    if (change.aborted) continue;
    setState((last) => ({ ...last, connected: false }));
    failures += 1;
    await pause(backoffMs(failures), change);
  }
}

/** Aborted once a page that is seen no longer is, or the other way round, or at the `end`. */
function untilSeenOtherwise(page: Seen, end: AbortSignal): AbortSignal {
  const change = new AbortController();
  const either = AbortSignal.any([change.signal, end]);
  page.addEventListener('visibilitychange', () => change.abort(), { signal: either });
  return either;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
