import type { ReportColumn } from '../../../contracts/documents/api.ts';
import { mishaps } from '../../plan/guarantees.ts';

/**
 * How what is advised compares with all that was measured in what an acknowledgement guarantees: a clause, for the cheapest and
 * the fastest may be so because they promise less. null where nothing is advised, or a guarantee is not known.
 */
export function guaranteeOfChoice(
  columns: readonly ReportColumn[],
  chosen: readonly number[],
): string | null {
  const measured = columns.filter(({ measurement }) => measurement !== null);
  if (chosen.length === 0 || measured.some(({ guarantee }) => guarantee === null)) return null;
  const advised = chosen.flatMap((index) => columns[index] ?? []);
  const told = mishaps.map(([field, mishap]) => {
    const survivors = measured.filter(({ guarantee }) => guarantee?.[field] === 'survives');
    const losers = advised.filter(({ guarantee }) => guarantee?.[field] === 'may-lose');
    const isSame = survivors.length === 0 || survivors.length === measured.length;
    const words = `what ${names(losers)} acknowledged may be lost by ${mishap}, and survives it with ${names(survivors)}`;
    return { isSame, weaker: losers.length > 0 && survivors.length > 0 ? words : null };
  });
  if (told.every(({ isSame }) => isSame)) return 'same guarantee';
  const weaker = told.flatMap((one) => one.weaker ?? []);
  return weaker.length > 0 ? `weaker guarantee: ${weaker.join('; ')}` : 'no other guarantees more';
}

function names(columns: readonly ReportColumn[]): string {
  return columns.map(({ label }) => label).join(' and ');
}
