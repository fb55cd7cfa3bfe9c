import { useMemo } from 'react';
import { isLateNow } from '../../analysis/lateness.ts';
import { formatCount, formatMs, formatRate } from '../../analysis/report/format.ts';
import type { LiveStats } from '../../contracts/documents/progress.ts';
import { TimeChart } from '../charts/time-chart.tsx';

const rateNames = ['asked for', 'produced', 'consumed'];
const backlogNames = ['acknowledged, not received'];
const latencyNames = ['p50 end to end', 'p99 end to end'];

/** What the load does now; drawn from the first second on, so that nothing moves when it begins. */
export function LiveCharts({ stats }: { stats: readonly LiveStats[] }) {
  const last = stats.at(-1);
  const series = useMemo(() => {
    const start = stats[0]?.atEpochMs ?? 0;
    const x = stats.map(({ atEpochMs }) => (atEpochMs - start) / 1_000);
    const of = (field: (one: LiveStats) => number | null) => stats.map(field);
    return {
      rates: [
        x,
        of((one) => one.intendedPerSecond),
        of((one) => one.producedPerSecond),
        of((one) => one.consumedPerSecond),
      ] as [number[], ...(number | null)[][]],
      backlog: [x, of((one) => one.backlog)] as [number[], ...(number | null)[][]],
      latencies: [x, of((one) => one.endToEndP50Ms), of((one) => one.endToEndP99Ms)] as [
        number[],
        ...(number | null)[][],
      ],
    };
  }, [stats]);
  const until = last?.secondsTotal ?? 20;
  return (
    <section className="card stack" aria-labelledby="live">
      <h2 id="live">Now</h2>
      <dl className="facts">
        <Fact name="produced" value={`${formatRate(last?.producedPerSecond ?? null)}/s`} />
        <Fact name="consumed" value={`${formatRate(last?.consumedPerSecond ?? null)}/s`} />
        <Fact name="backlog" value={formatCount(last?.backlog ?? null)} />
        <Fact name="p99 end to end" value={`${formatMs(last?.endToEndP99Ms ?? null)} ms`} />
        <Fact name="failed" value={formatCount(last?.failed ?? null)} />
        <Fact name="generator late" value={`${formatMs(last?.ownLatenessP99Ms ?? null)} ms`} />
      </dl>
      <p className="kept-lines soft">
        {last && isLateNow(last)
          ? 'The load generator itself is late by enough to show in these latencies: it may be the limit.'
          : ''}
      </p>
      <div className="columns">
        <TimeChart title="Rate" unit="messages/s" names={rateNames} data={series.rates} untilSecond={until} />
        <TimeChart
          title="Latency"
          unit="ms"
          names={latencyNames}
          data={series.latencies}
          untilSecond={until}
        />
        <TimeChart
          title="Backlog"
          unit="messages"
          names={backlogNames}
          data={series.backlog}
          untilSecond={until}
        />
      </div>
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
