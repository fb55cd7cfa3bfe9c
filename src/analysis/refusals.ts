import type { LoadPart, Refusal } from '../contracts/documents/load-parts.ts';
import type { Measurement } from '../contracts/documents/metrics.ts';
import { counted, formatNumber } from './report/format.ts';
import { sum } from './sum.ts';

/** Reasons that a result tells apart; the rest are added up. */
const mostReasons = 20;

/** Why messages were not acknowledged, over several producers or load generators: the most frequent first. */
export function mergeRefusals(lists: readonly (readonly Refusal[])[]): Refusal[] {
  const byKind = Map.groupBy(lists.flat(), ({ outcome, reason }) => `${outcome} ${reason}`);
  const merged = [...byKind.values()].map((same) => ({
    ...(same[0] as Refusal),
    messages: sum(same.map(({ messages }) => messages)),
  }));
  merged.sort((a, b) => b.messages - a.messages);
  if (merged.length <= mostReasons) return merged;
  const rest = Map.groupBy(merged.splice(mostReasons), ({ outcome }) => outcome);
  const others = [...rest].map(([outcome, some]) => ({
    reason: 'other reasons',
    outcome,
    messages: sum(some.map(({ messages }) => messages)),
  }));
  return [...merged, ...others];
}

/** What was never settled: the client still waited for an answer when the counting ended. */
const unansweredReason = 'no answer before the measurement ended';

/** The refusals of a whole round, those included of which nothing was heard. */
export function allRefusals(
  told: readonly Refusal[],
  { indeterminate }: Pick<Measurement['messages'], 'indeterminate'>,
): Refusal[] {
  const heard = sum(told.map(({ outcome, messages }) => (outcome === 'indeterminate' ? messages : 0)));
  const unanswered: Refusal = {
    reason: unansweredReason,
    outcome: 'indeterminate',
    messages: indeterminate - heard,
  };
  return mergeRefusals([told, unanswered.messages > 0 ? [unanswered] : []]);
}

/** `MESSAGE_TOO_LARGE (15), REQUEST_TIMED_OUT (2)`; empty where nothing is known. */
export function refusalsInWords(refusals: readonly Refusal[], most = 3): string {
  const shown = refusals
    .slice(0, most)
    .map(({ reason, messages }) => `${reason} (${formatNumber(messages)})`);
  const left = refusals.length - shown.length;
  return [...shown, ...(left > 0 ? [counted(left, 'other reason')] : [])].join(', ');
}

/** What load generators told. */
export function refusalsIn(parts: readonly LoadPart[]): Refusal[] {
  return mergeRefusals(parts.map((part) => (part.kind === 'produce' ? part.refusals : [])));
}

/**
 * Why not one message was acknowledged: `all 15 messages failed: MESSAGE_TOO_LARGE (15)`.
 * @param sent how many were handed to the client
 */
export function nothingAcknowledged(
  { sent, failed }: Pick<Measurement['messages'], 'sent' | 'failed'>,
  refusals: readonly Refusal[],
): string {
  const messages = counted(sent, 'message');
  const what = failed === sent ? `all ${messages} failed` : `none of ${messages} was acknowledged`;
  const why = refusalsInWords(refusals);
  return why ? `${what}: ${why}` : what;
}
