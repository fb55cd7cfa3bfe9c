import { useCallback, useEffect, useRef } from 'react';

/**
 * Focuses the first of some elements that is there once what is being changed has been drawn: what was pressed is gone
 * then, or elsewhere.
 */
export function useFocusAfter(): (...ids: string[]) => void {
  const wanted = useRef<readonly string[]>([]);
  useEffect(() => {
    if (wanted.current.length === 0) return;
    const [first] = wanted.current.flatMap((id) => document.getElementById(id) ?? []);
    first?.focus();
    wanted.current = [];
  });
  return useCallback((...ids) => {
    wanted.current = ids;
  }, []);
}
