import type { ReportColumn } from '../../../contracts/documents/api.ts';
import { splitsOf } from '../../plan/guarantees.ts';
import { namesInWords } from '../notes/names-in-words.ts';

/**
 * How what is advised compares with all that was measured in what an acknowledgement guarantees: a clause, for the cheapest and
 * the fastest may be so because they promise less. null where nothing is advised, nothing else was measured, or a guarantee is not known.
 */
export function guaranteeOfChoice(
  columns: readonly ReportColumn[],
  chosen: readonly number[],
): string | null {
  const measured = columns.filter(({ measurement }) => measurement !== null);
  const promises = measured.flatMap(({ label: name, guarantee }) => (guarantee ? [{ name, guarantee }] : []));
  if (chosen.length === 0 || measured.length < 2 || promises.length < measured.length) return null;
  const advised = new Set(chosen.map((index) => columns[index]?.label));
  const splits = splitsOf(promises).filter(
    ({ survivors }) => survivors.length > 0 && survivors.length < measured.length,
  );
  if (splits.length === 0) return 'same guarantee';
  const weaker = splits.flatMap(({ mishaps, survivors, losers }) => {
    const lost = losers.filter((name) => advised.has(name));
    if (lost.length === 0) return [];
    const it = mishaps.length === 1 ? 'it' : 'these';
    return [
      `what ${namesInWords(lost)} acknowledged may be lost by ${namesInWords(mishaps, 'or')}, and survives ${it} with ${namesInWords(survivors)}`,
    ];
  });
  return weaker.length > 0 ? `weaker guarantee: ${weaker.join('; ')}` : 'no other guarantees more';
}
