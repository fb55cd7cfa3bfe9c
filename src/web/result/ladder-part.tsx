import { kneeOf, topWithoutKnee } from '../../analysis/rates/ladder.ts';
import { formatMs, formatRate } from '../../analysis/report/format.ts';
import type { LadderRung } from '../../contracts/documents/result.ts';
import { LoadChart, type LoadCurve } from '../charts/load-chart.tsx';
import { Name } from '../parts/name.tsx';
import { DataTable, type Row } from './data-table.tsx';

interface LadderPartProps {
  columns: readonly { label: string; ladder: readonly LadderRung[] | null }[];
}

/** Latency against load, for those that climbed a ladder; nothing where none did. */
export function LadderPart({ columns }: LadderPartProps) {
  const ladders = columns.flatMap(({ label, ladder }) => (ladder?.length ? [{ label, ladder }] : []));
  if (ladders.length === 0) return null;
  const curvesOf = (percentile: 'p50Ms' | 'p99Ms') =>
    ladders.map(({ label, ladder }): LoadCurve => {
      const knee = kneeOf(ladder);
      return {
        name: label,
        points: ladder.map(({ messagesPerSecond, latency }) => ({
          messagesPerSecond,
          ms: latency?.endToEnd[percentile] ?? null,
        })),
        kneeMessagesPerSecond: knee === null ? null : (ladder[knee]?.messagesPerSecond ?? null),
      };
    });
  return (
    <section className="card stack" aria-labelledby="ladder">
      <h2 id="ladder">Latency against load</h2>
      <p className="soft small">
        A ring marks the knee: the highest rate that was sustained before the p99 tripled.
        {ladders.map(({ label, ladder }) => (
          <NoKnee key={label} label={label} ladder={ladder} />
        ))}
      </p>
      <div className="columns">
        <LoadChart title="p99 end to end" curves={curvesOf('p99Ms')} />
        <LoadChart title="p50 end to end" curves={curvesOf('p50Ms')} />
      </div>
      <DataTable
        caption="Latency in ms at each rate"
        head={['Variant', 'Asked/s', 'Consumed/s', 'p50', 'p99', 'p99.9', 'Sustained']}
        rows={ladders.flatMap(({ label, ladder }) => ladder.map((rung) => rowOf(label, rung)))}
      />
    </section>
  );
}

function rowOf(
  label: string,
  { messagesPerSecond, latency, throughput, sustained, reason, limited, steady }: LadderRung,
): Row {
  const consumed = throughput?.consumed.messagesPerSecond ?? null;
  const marks = [...(limited ? ['(load generator)'] : []), ...(steady === false ? ['(not steady)'] : [])];
  const percentiles = [latency?.endToEnd.p50Ms, latency?.endToEnd.p99Ms, latency?.endToEnd.p999Ms];
  return {
    key: `${label} ${messagesPerSecond}`,
    cells: [
      { text: label },
      { text: formatRate(messagesPerSecond), value: messagesPerSecond },
      { text: formatRate(consumed), value: consumed ?? Number.NaN },
      ...percentiles.map((ms) => ({ text: formatMs(ms ?? null), value: ms ?? Number.NaN })),
      { text: [sustained ? 'yes' : `no: ${reason}`, ...marks].join(' ') },
    ],
  };
}

/** Said of a ladder that was not climbed far enough. */
function NoKnee({ label, ladder }: { label: string; ladder: readonly LadderRung[] }) {
  const top = ladder[topWithoutKnee(ladder) ?? -1];
  if (!top) return null;
  return (
    <>
      {' '}
      <Name>{label}</Name> has no knee up to {formatRate(top.messagesPerSecond)}/s.
    </>
  );
}
