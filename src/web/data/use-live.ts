import { useEffect, useState } from 'react';
import { ApiError, asApiError, request } from './api.ts';
import { backoffMs } from './backoff.ts';
import { type EventListeners, readEvents, StreamStalled, within } from './read-events.ts';

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
  const stop = () => connection.abort();
  signal.addEventListener('abort', stop);
  try {
    const response = await within(longestSilenceMs, request(path, { signal: connection.signal, headers }));
    if (response.body) await readEvents(response.body, listeners, longestSilenceMs);
  } finally {
    signal.removeEventListener('abort', stop);
    connection.abort();
  }
}

/**
 * The state of an experiment or a comparison as its event stream tells it, connected again after every loss until the
 * stream says that it is closed.
 * @param onEvent called with each state, in their order
 */
export function useLive<T extends { spec: unknown }>(
  path: string | null,
  onEvent?: (data: T) => void,
): Live<T> {
  const [state, setState] = useState<Live<T>>({
    data: null,
    error: null,
    connected: false,
    noNewsSince: null,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new listener is no reason to connect anew
  useEffect(() => {
    if (path === null) return;
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
  for (let failures = 0; !signal.aborted && !closed; ) {
    try {
      await listen(path, lastId, signal, {
        onEvent: ({ event, id, data }) => {
          failures = 0;
          lastNewsAt = Date.now();
          lastId = id ?? lastId;
          closed = event === 'closed';
          const told = JSON.parse(data) as T;
          // Those between the first and the last leave out a spec that is still the same.
          spec = told.spec ?? spec;
          const whole = { ...told, spec } as T;
          onEvent?.(whole);
          setState(() => ({ data: whole, error: null, connected: true, noNewsSince: null }));
        },
        onComment: () => {
          if (Date.now() - lastNewsAt < quietAfterMs) return;
          setState((last) => ({ ...last, error: null, connected: true, noNewsSince: lastNewsAt }));
        },
      });
    } catch (error) {
      if (signal.aborted) return;
      const known = error instanceof StreamStalled ? new ApiError(error.message, null) : asApiError(error);
      setState((last) => ({ ...last, error: known, connected: false, noNewsSince: null }));
      if (known.status === 404 || known.status === 401) return;
    }
    if (closed || signal.aborted) break;
    setState((last) => ({ ...last, connected: false }));
    failures += 1;
    await pause(backoffMs(failures), signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
