import type { Report } from '../../../contracts/documents/api.ts';
import { formatCount, formatMs, formatNumber, formatRate } from '../format.ts';
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

/** What the load generator did by itself, as far as it was told: part of every latency from the intended time on. */
export function generatorTable(report: Report): TextTable {
  const cores = (value: number | null) => (value === null ? '–' : formatNumber(value, 2));
  return {
    title: 'Load generator (sent late by itself: that is in every latency from the intended send on)',
    head: ['Variant', 'late p50 ms', 'late p99 ms', 'cores', 'cores of others', 'machine busy', 'limited'],
    numeric: [false, true, true, true, true, true, false],
    rows: report.columns.flatMap((column) => {
      const { loadGenerator } = column;
      // Results of 0.2.0 do not say.
      if (loadGenerator?.ownLateSendP99Ms == null) return [];
      const { ownLateSendP50Ms, ownLateSendP99Ms, cpuUtilization, otherCpuUtilization } = loadGenerator;
      const { hostCpuUtilization, limited } = loadGenerator;
      return [
        [
          markedName(column),
          formatMs(ownLateSendP50Ms),
          formatMs(ownLateSendP99Ms),
          cores(cpuUtilization),
          cores(otherCpuUtilization),
          hostCpuUtilization === null ? '–' : `${formatNumber(hostCpuUtilization * 100)}%`,
          limited ? 'yes' : 'no',
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
