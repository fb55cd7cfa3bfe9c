import { useCallback, useEffect, useState } from 'react';
import type { ApiError } from './api.ts';

/** What was read, or why it could not be; the last answer stays while it is read again. */
export interface Resource<T> {
  data: T | null;
  error: ApiError | null;
  loading: boolean;
  reload: () => void;
}

/**
 * Reads something, and again at intervals while the tab is seen.
 * @param key a new one forgets what was read before; null reads nothing
 */
export function useResource<T>(
  key: string | null,
  read: (signal: AbortSignal) => Promise<T>,
  everyMs?: number,
): Resource<T> {
  const [state, setState] = useState<{ key: string | null; data: T | null; error: ApiError | null }>({
    key: null,
    data: null,
    error: null,
  });
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` is another function at each drawing; the key says what it reads, and a turn that it is read again
  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = () => {
      if (everyMs && !stop.signal.aborted) timer = setTimeout(once, everyMs);
    };
    const once = () => {
      if (document.hidden) return again();
      read(stop.signal)
        .then((data) => setState({ key, data, error: null }))
        .catch((error) => {
          if (stop.signal.aborted) return;
          setState((last) => ({ key, data: last.key === key ? last.data : null, error }));
        })
        .finally(again);
    };
    once();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [key, everyMs, turn]);
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  const current = state.key === key;
  const data = current ? state.data : null;
  const error = current ? state.error : null;
  return { data, error, loading: key !== null && data === null && error === null, reload };
}
