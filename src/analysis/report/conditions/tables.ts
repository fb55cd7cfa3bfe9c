import type { Report } from '../../../contracts/documents/api.ts';
import { formatCount, formatRate } from '../format.ts';
import { markedName, type TextTable } from '../text-table.ts';

/** What the product's processes used, as far as they could be seen: what its speed costs. */
export function productTable(report: Report): TextTable {
  const megabytes = (bytes: number | null) => formatRate(bytes === null ? null : bytes / 1e6);
  return {
    title: "What the product's own processes used during the schedule (memory: at their peak)",
    head: ['Variant', 'CPU s', 'messages/CPU s', 'memory MB', 'read MB', 'written MB'],
    numeric: [false, true, true, true, true, true],
    rows: report.columns.flatMap((column) => {
      const { product } = column;
      if (!product) return [];
      return [
        [
          markedName(column),
          formatRate(product.cpuSeconds),
          formatRate(product.messagesPerCpuSecond),
          megabytes(product.peakMemoryBytes),
          megabytes(product.diskReadBytes),
          megabytes(product.diskWriteBytes),
        ],
      ];
    }),
  };
}

/** What an acknowledgement guarantees, a variant to a row. */
export function guaranteeTable(report: Report): TextTable {
  return {
    title: 'What an acknowledged message survives (by documentation: nothing was crashed to see)',
    head: ['Variant', 'server crash', 'power loss', 'node loss', 'copies', 'on the disk'],
    numeric: [false, false, false, false, true, false],
    rows: report.columns.flatMap((column) => {
      const { guarantee } = column;
      if (!guarantee) return [];
      const { processCrash, powerLoss, nodeLoss, copies, flushed } = guarantee;
      return [
        [
          markedName(column),
          ...[processCrash, powerLoss, nodeLoss].map((fate) => (fate === 'survives' ? 'yes' : 'MAY BE LOST')),
          formatCount(copies),
          flushed === null ? '–' : flushed ? 'yes' : 'no',
        ],
      ];
    }),
  };
}
