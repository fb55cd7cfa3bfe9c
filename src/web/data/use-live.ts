import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { useEffect, useState } from 'react';
import { ApiError, request } from './api.ts';

/** What a stream told last, and whether it is connected. */
export interface Live<T> {
  data: T | null;
  error: ApiError | null;
  connected: boolean;
}

const longestPauseMs = 10_000;

/** Not `EventSource`: that cannot send a key. */
async function readEvents(
  path: string,
  lastId: string | null,
  signal: AbortSignal,
  onEvent: (event: EventSourceMessage) => void,
): Promise<void> {
  const headers: Record<string, string> = { Accept: 'text/event-stream' };
  if (lastId !== null) headers['Last-Event-ID'] = lastId;
  const response = await request(path, { signal, headers });
  const parser = createParser({ onEvent });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(value);
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
  const [state, setState] = useState<Live<T>>({ data: null, error: null, connected: false });
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
  for (let failures = 0; !signal.aborted && !closed; ) {
    try {
      await readEvents(path, lastId, signal, ({ event, id, data }) => {
        failures = 0;
        lastId = id ?? lastId;
        closed = event === 'closed';
        const told = JSON.parse(data) as T;
        // Those between the first and the last leave out a spec that is still the same.
        spec = told.spec ?? spec;
        const whole = { ...told, spec } as T;
        onEvent?.(whole);
        setState(() => ({ data: whole, error: null, connected: true }));
      });
    } catch (error) {
      if (signal.aborted) return;
      const known = error instanceof ApiError ? error : new ApiError(String(error), null);
      setState((last) => ({ ...last, error: known, connected: false }));
      if (known.status === 404 || known.status === 401) return;
    }
    if (closed || signal.aborted) break;
    setState((last) => ({ ...last, connected: false }));
    failures += 1;
    await pause(Math.min(longestPauseMs, 500 * 2 ** Math.min(failures, 5)), signal);
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
