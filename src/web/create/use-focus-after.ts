import { useEffect, useRef } from 'react';

/** Focuses an element once what is being changed has been drawn: what was pressed is gone then, or elsewhere. */
export function useFocusAfter(): (id: string) => void {
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    document.getElementById(wanted.current)?.focus();
    wanted.current = null;
  });
  return (id) => {
    wanted.current = id;
  };
}
