import { useRef } from 'react';
import type { Pages } from './use-pages.ts';

/** To the page before and after; both stay where they are, so that who presses keys can go on. */
export function Pager({ next, previous, number, loading }: Pages<unknown>) {
  const wasShown = useRef(false);
  wasShown.current = next !== null || previous !== null || (loading && wasShown.current);
  if (!wasShown.current) return null;
  return (
    <nav className="row" aria-label="Pages">
      <button type="button" className="button" aria-disabled={!previous} onClick={() => previous?.()}>
        ← Newer
      </button>
      <button type="button" className="button" aria-disabled={!next} onClick={() => next?.()}>
        Older →
      </button>
      <span role="status" className="soft small">
        {number !== null && `Page ${number}`}
      </span>
    </nav>
  );
}
