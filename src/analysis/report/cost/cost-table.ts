import type { Report } from '../../../contracts/documents/api.ts';
import type { Cost } from '../../../contracts/documents/cost.ts';
import { formatRate } from '../format.ts';
import { markedName, type TextTable } from '../text-table.ts';
import { formatUsd } from './cost-words.ts';

/** By what a cost is reckoned, as tables say it. */
export const basisNames: Record<Cost['basis'], string> = {
  'list-price': 'list prices',
  'estimate-from-use': 'estimate from use',
};

/** What each variant costs, where that can be told. */
export function costTable(report: Report): TextTable {
  return {
    title: 'Cost (list prices, or an estimate from what the product used: the notes have the arithmetic)',
    head: ['Variant', 'by', 'messages/s', '$/hour', '$/million', '$/million at capacity'],
    numeric: [false, false, true, true, true, true],
    rows: report.columns.flatMap((column) => {
      const { cost } = column;
      if (!cost) return [];
      return [
        [
          markedName(column),
          basisNames[cost.basis],
          formatRate(cost.messagesPerSecond),
          formatUsd(cost.usdPerHour),
          formatUsd(cost.usdPerMillionMessages),
          formatUsd(cost.usdPerMillionMessagesAtCapacity),
        ],
      ];
    }),
  };
}
