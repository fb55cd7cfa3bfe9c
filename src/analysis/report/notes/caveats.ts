import type { ReportColumn } from '../../../contracts/documents/api.ts';
import { requirementsInWords } from '../verdict-words.ts';

/**
 * Why the columns of a report cannot simply be set side by side, a sentence each; of a comparison, whose variants share
 * load and machine, there is none but what its author chose to differ.
 */
export function caveatsOf(columns: readonly ReportColumn[]): string[] {
  const measured = columns.filter(({ measurement }) => measurement !== null);
  if (measured.length < 2) return [];
  const differ = (what: (column: ReportColumn) => string | null) =>
    new Set(measured.map(what)).size > 1
      ? measured.map((column) => `${column.label}: ${what(column) ?? 'not known'}`).join('; ')
      : null;
  const loads = differ(({ workload }) => workload);
  const targets = differ(({ target }) => target);
  const machines = differ(({ machine }) => machine);
  const required = measured.filter((column) => requirementsInWords(column) !== null);
  const hasOthers = new Set(required.map(requirementsInWords)).size > 1;
  return [
    ...(hasOthers
      ? [
          `The requirements differ, so that none is advised. ${required.map((column) => `${column.label}: ${requirementsInWords(column)}`).join('; ')}.`,
        ]
      : []),
    ...(loads ? [`The loads differ, so the numbers are not of one question. ${loads}.`] : []),
    ...(targets
      ? [
          `The targets differ: what runs on this machine shares it with the load generators, and a cluster of your own has machines, load and a network of its own. ${targets}.`,
        ]
      : []),
    ...(machines ? [`The machines differ, and so may the numbers for that alone. ${machines}.`] : []),
  ];
}
