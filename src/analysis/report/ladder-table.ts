import type { ReportColumn } from '../../contracts/documents/api.ts';
import { kneeOf } from '../rates/ladder.ts';
import { formatMs, formatRate } from './format.ts';
import { markedName, type TextTable } from './text-table.ts';

/** Latency against load, a rung to a row. */
export function ladderTable(columns: readonly ReportColumn[]): TextTable {
  return {
    title: 'Latency against load (end to end; the knee is the last rung before p99 triples)',
    head: ['Variant', 'asked/s', 'consumed/s', 'p50 ms', 'p99 ms', 'p99.9 ms', 'sustained'],
    numeric: [false, true, true, true, true, true, false],
    rows: columns.flatMap((column) => {
      const { ladder } = column;
      const knee = kneeOf(ladder ?? []);
      return (ladder ?? []).map(({ messagesPerSecond, latency, throughput, sustained, reason }, index) => [
        markedName(column),
        formatRate(messagesPerSecond),
        formatRate(throughput?.consumed.messagesPerSecond ?? null),
        formatMs(latency?.endToEnd.p50Ms ?? null),
        formatMs(latency?.endToEnd.p99Ms ?? null),
        formatMs(latency?.endToEnd.p999Ms ?? null),
        sustained ? (index === knee ? 'yes, the knee' : 'yes') : `no: ${reason.split('; ')[0]}`,
      ]);
    }),
  };
}
