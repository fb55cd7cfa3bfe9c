import type { Verdict } from '../../contracts/documents/result.ts';
import { formatAgainst, formatBound, numberAgainst } from './format.ts';

type Bound = Pick<Verdict, 'metric' | 'atMost' | 'atLeast'>;

/** `at most 50 ms`, `at least 5,000 messages/s`. */
export function boundInWords({ metric, atMost, atLeast }: Bound): string {
  return atMost === undefined
    ? `at least ${formatBound(metric, atLeast ?? 0)}`
    : `at most ${formatBound(metric, atMost)}`;
}

/** What a column was asked to keep, in words that are the same for the same; null for nothing. */
export function requirementsInWords({ verdicts }: { verdicts: readonly Bound[] }): string | null {
  const bounds = verdicts.map((verdict) => `${verdict.metric} ${boundInWords(verdict)}`);
  return bounds.length > 0 ? bounds.toSorted().join(', ') : null;
}

/** What was measured, in digits that show on which side of the bound it lies; null where nothing was. */
export function measuredInWords(verdict: Verdict): string | null {
  const { metric, measured } = verdict;
  return measured === null ? null : formatAgainst(metric, measured, boundOf(verdict));
}

/** Of several runs, the interval that holds their median: `20 to 25`; null of one. */
export function intervalInWords(verdict: Verdict): string | null {
  const { metric, low, high } = verdict;
  if (typeof low !== 'number' || typeof high !== 'number') return null;
  const [from, to] = [low, high].map((end) => numberAgainst(metric, end, boundOf(verdict)));
  return `${from} to ${to}`;
}

/** A whole verdict in a line: `not-met: latency.endToEnd.p99Ms at most 100 ms, measured 100.4 ms`. */
export function verdictInWords(verdict: Verdict): string {
  const measured = measuredInWords(verdict);
  const why = verdict.verdict === 'undecided' || measured === null ? ` (${verdict.reason})` : '';
  const seen = measured === null ? '' : `, measured ${measured}`;
  return `${verdict.verdict}: ${verdict.metric} ${boundInWords(verdict)}${seen}${why}`;
}

function boundOf({ atMost, atLeast }: Bound): number {
  return atMost ?? atLeast ?? 0;
}
