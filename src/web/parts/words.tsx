import { useEffect, useState } from 'react';
import { formatDuration } from '../../analysis/report/format.ts';
import { harmless } from '../../analysis/report/harmless-text.ts';
import { Name } from './name.tsx';

/** A time as people say it, with the exact one at hand. */
export function When({ at }: { at: string | null }) {
  if (at === null) return <>–</>;
  const date = new Date(at);
  const sameDay = date.toDateString() === new Date().toDateString();
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return (
    <time dateTime={at} title={date.toLocaleString()}>
      {sameDay ? `today ${time}` : `${date.toLocaleDateString()} ${time}`}
    </time>
  );
}

/** That something was asked for: when, and by whose key. */
export function Asked({ what, at, by }: { what: string; at: string; by: string | null | undefined }) {
  return (
    <span>
      {what} <When at={at} />
      {by && (
        <>
          {' '}
          by <Name>{by}</Name>
        </>
      )}
    </span>
  );
}

/** From a time to another, or to now while it goes on. */
export function Lasted({ from, to }: { from: string | null; to: string | null }) {
  const now = useNow(from !== null && to === null);
  if (from === null) return <>–</>;
  return <span className="number">{formatDuration((to ? Date.parse(to) : now) - Date.parse(from))}</span>;
}

/** The time, each second anew while it `ticks`. */
function useNow(ticks: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!ticks) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [ticks]);
  return now;
}

/**
 * Names the tab, as long as it is shown.
 * @param state comes first, for a tab shows little of its name
 */
export function useTitle(title: string, state?: string): void {
  useEffect(() => {
    document.title = `${state ? `${state}: ` : ''}${harmless(title)} – Comparator`;
  }, [title, state]);
}
