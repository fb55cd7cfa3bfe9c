import type { ReportColumn } from '../../contracts/documents/api.ts';
import type { LadderRung } from '../../contracts/documents/result.ts';
import { kneeOf, topWithoutKnee } from '../rates/ladder.ts';
import { formatMs, formatRate } from './format.ts';
import { markedName, shortReason, type TextTable } from './text-table.ts';

/** Latency against load, a rung to a row. */
export function ladderTable(columns: readonly ReportColumn[]): TextTable {
  return {
    title: 'Latency against load (end to end; the knee is the last rung before p99 triples)',
    head: ['Variant', 'asked/s', 'consumed/s', 'p50 ms', 'p99 ms', 'p99.9 ms', 'sustained'],
    numeric: [false, true, true, true, true, true, false],
    rows: columns.flatMap((column) => {
      const { ladder } = column;
      const knee = kneeOf(ladder ?? []);
      const top = topWithoutKnee(ladder ?? []);
      return (ladder ?? []).map((rung, index) => [
        markedName(column),
        formatRate(rung.messagesPerSecond),
        formatRate(rung.throughput?.consumed.messagesPerSecond ?? null),
        formatMs(rung.latency?.endToEnd.p50Ms ?? null),
        formatMs(rung.latency?.endToEnd.p99Ms ?? null),
        formatMs(rung.latency?.endToEnd.p999Ms ?? null),
        rungInWords(rung, { isKnee: index === knee, isTop: index === top }),
      ]);
    }),
  };
}

function rungInWords(rung: LadderRung, { isKnee, isTop }: { isKnee: boolean; isTop: boolean }): string {
  const knee = isKnee ? ', the knee' : isTop ? `, no knee up to ${formatRate(rung.messagesPerSecond)}/s` : '';
  const words = shortReason(rung.sustained ? { ...rung, reason: `yes${knee}` } : rung);
  return `${rung.sustained ? '' : 'no: '}${words}${rung.steady === false ? ' (not steady)' : ''}`;
}
