import { useCallback, useEffect, useState } from 'react';
import { type ApiError, asApiError } from './api.ts';
import { keepReading } from './reading.ts';

const longestPollMs = 30_000;

/** What was read, or why it could not be; the last answer stays while it is read again. */
export interface Resource<T> {
  data: T | null;
  error: ApiError | null;
  loading: boolean;
  reload: () => void;
}

/**
 * Reads something, and again at intervals while the page is seen.
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
    const once = async () => {
      try {
        // Without an end to it, one that hangs would be the last.
        const late = everyMs ? [AbortSignal.timeout(longestPollMs)] : [];
        const data = await read(AbortSignal.any([stop.signal, ...late]));
        if (!stop.signal.aborted) setState({ key, data, error: null });
        return true;
      } catch (error) {
        if (stop.signal.aborted) return false;
        setState((last) => ({ key, data: last.key === key ? last.data : null, error: asApiError(error) }));
        return false;
      }
    };
    keepReading({ read: once, everyMs, page: document, signal: stop.signal });
    return () => stop.abort();
  }, [key, everyMs, turn]);
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  const current = state.key === key;
  const data = current ? state.data : null;
  const error = current ? state.error : null;
  return { data, error, loading: key !== null && data === null && error === null, reload };
}
