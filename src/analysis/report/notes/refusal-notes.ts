import type { ReportColumn } from '../../../contracts/documents/api.ts';
import type { Refusal } from '../../../contracts/documents/load-parts.ts';
import type { Result } from '../../../contracts/documents/result.ts';
import { refusalsInWords } from '../../refusals.ts';
import { sum } from '../../sum.ts';
import { counted } from '../format.ts';

/** Why messages of a variant were not acknowledged, where it took at least some; a failure says so of one that took none. */
export function refusalNotes(
  { label, measurement, refusals }: ReportColumn,
  result: Result | null,
): string[] {
  const warmup = result?.warmup?.refusals ?? [];
  return [
    ...(warmup.length > 0 ? [`${label}, in its warm-up: ${words(warmup)}.`] : []),
    ...(refusals.length > 0 && measurement?.messages.acknowledged ? [`${label}: ${words(refusals)}.`] : []),
  ];
}

function words(refusals: readonly Refusal[]): string {
  const all = (outcome: Refusal['outcome'], what: string) => {
    const own = refusals.filter((one) => one.outcome === outcome);
    const messages = sum(own.map((one) => one.messages));
    return messages > 0 ? [`${counted(messages, 'message')} ${what}: ${refusalsInWords(own)}`] : [];
  };
  return [...all('failed', 'failed'), ...all('indeterminate', 'may or may not have been taken')].join('; ');
}
