import type { ReportColumn } from '../../../contracts/documents/api.ts';
import { counted } from '../format.ts';
import { costExplained } from './cost-words.ts';

/** How each cost comes about, and whether they can be compared. */
export function costNotes(columns: readonly ReportColumn[]): string[] {
  const priced = columns.filter(({ cost }) => cost !== null);
  const bases = new Set(priced.map(({ cost }) => cost?.basis));
  return [
    ...(bases.size > 1
      ? [
          'The costs cannot be compared: list prices have storage, traffic and operation in them, estimates from use have not.',
        ]
      : []),
    ...priced.flatMap(({ label, cost, runs }) => {
      const known = runs.filter(({ usdPerMillionMessages }) => usdPerMillionMessages !== null);
      const priced = known.filter(({ partial }) => !partial).length || known.length;
      const middle = priced % 2 === 1 ? 'the run' : 'halfway between the two';
      const of = priced > 1 ? ` (${middle} in the middle of ${counted(priced, 'run')})` : '';
      return cost ? [`Cost of ${label}${of}: ${costExplained(cost)}`] : [];
    }),
  ];
}
