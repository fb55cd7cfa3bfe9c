import { useMemo } from 'react';
import { isLateNow } from '../../analysis/lateness.ts';
import { formatCount, formatDuration, formatMs, formatRate } from '../../analysis/report/format.ts';
import type { LiveStats } from '../../contracts/documents/progress.ts';
import { TimeChart } from '../charts/time-chart.tsx';

const rateNames = ['asked for', 'produced', 'consumed'];
const backlogNames = ['acknowledged, not received'];
const latencyNames = ['p50 end to end', 'p99 end to end'];

/** Seconds of a load that may pass before whoever has just opened the page sees its first. */
const soonSeconds = 5;

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
  const until = widthFor((last?.atEpochMs ?? 0) - (stats[0]?.atEpochMs ?? 0), last?.secondsTotal);
  const [first] = stats;
  const isLater = first !== undefined && (first.secondsElapsed > soonSeconds || (first.probe ?? 1) > 1);
  return (
    <section className="card stack" aria-labelledby="live">
      <h2 id="live">Now</h2>
      <dl className="facts">
        <Fact name="produced" value={rate(last?.producedPerSecond)} />
        <Fact name="consumed" value={rate(last?.consumedPerSecond)} />
        <Fact name="backlog" value={formatCount(last?.backlog ?? null)} />
        <Fact name="p99 end to end" value={ms(last?.endToEndP99Ms)} />
        <Fact name="failed" value={formatCount(last?.failed ?? null)} />
        <Fact name="generator late" value={ms(last?.ownLatenessP99Ms)} />
      </dl>
      <p className="kept-lines soft">
        {isLater &&
          `Since you opened this page, ${formatDuration(first.secondsElapsed * 1_000)} into ${first.probe === null ? 'the load' : `probe ${first.probe}`}. `}
        {last &&
          isLateNow(last) &&
          'The load generator itself is late by enough to show in these latencies: it may be the limit.'}
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

const rate = (value: number | undefined) => (value === undefined ? '–' : `${formatRate(value)}/s`);
const ms = (value: number | null | undefined) => (value == null ? '–' : `${formatMs(value)} ms`);

/** Seconds; an axis as long as a long run would show its first minutes as nothing, and one that fits would always move. */
const widths = [20, 60, 120, 300, 600, 1_200, 1_800, 3_600];

/** Seconds that the charts show, of which some have passed; no more than the load takes. */
function widthFor(passedMs: number, secondsTotal = widths[0] as number): number {
  const width = widths.find((one) => one * 1_000 > passedMs) ?? secondsTotal;
  return Math.min(width, Math.max(secondsTotal, passedMs / 1_000));
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
