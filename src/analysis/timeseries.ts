import type { LoadPart } from '../contracts/documents/load-parts.ts';
import type { Second } from '../contracts/documents/metrics.ts';
import { noLatencies, worstLatencies } from './latency/worst-latencies.ts';

/**
 * What both ends saw, second by second. Counts are sums over all load generators; percentiles are exact for one of
 * them, and the worst of several.
 */
export function secondsOf(parts: readonly LoadPart[]): Second[] {
  const seconds = new Map<number, Second>();
  const at = (second: number) => {
    const entry = seconds.get(second) ?? emptySecond(second);
    seconds.set(second, entry);
    return entry;
  };
  for (const part of parts) {
    if (part.kind === 'produce') {
      for (const one of part.series) {
        const entry = at(one.second);
        entry.produced += one.acknowledged;
        entry.failed += one.failed;
        Object.assign(entry, worstLatencies(entry, one));
      }
    } else {
      for (const one of part.series) {
        const entry = at(one.second);
        entry.consumed += one.received;
        Object.assign(entry, worstLatencies(entry, one));
      }
    }
  }
  const last = Math.max(0, ...seconds.keys());
  let backlog = 0;
  // A second in which nothing happened is one of the series too.
  return Array.from({ length: last }, (_, index) => {
    const entry = at(index + 1);
    // Messages that arrive before they are acknowledged make it negative for a while, which is none.
    backlog += entry.produced - entry.consumed;
    return { ...entry, backlog: Math.max(0, backlog) };
  });
}

/** The series as NDJSON. */
export function timeseriesLines(parts: readonly LoadPart[]): string {
  return secondsOf(parts)
    .map((second) => `${JSON.stringify(second)}\n`)
    .join('');
}

function emptySecond(second: number): Second {
  return { second, produced: 0, consumed: 0, failed: 0, backlog: 0, ...noLatencies };
}
