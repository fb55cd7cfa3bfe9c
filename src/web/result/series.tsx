import { useMemo } from 'react';
import type uPlot from 'uplot';
import type { Second } from '../../contracts/documents/metrics.ts';
import { TimeChart } from '../charts/time-chart.tsx';

export interface NamedSeries {
  name: string;
  seconds: readonly Second[];
}

/** What was measured second by second; several variants over each other. */
export function SeriesCharts({ series }: { series: readonly NamedSeries[] }) {
  const data = useMemo(() => chartData(series), [series]);
  const names = series.map(({ name }) => name);
  if (data.length === 0) return null;
  const label = (kind: string) => (names.length === 1 ? [kind] : names.map((name) => `${name}, ${kind}`));
  return (
    <div className="columns">
      <TimeChart
        title="Consumed"
        unit="messages/s"
        names={label('consumed')}
        data={data.consumed}
        group="series"
      />
      <TimeChart title="p99 end to end" unit="ms" names={label('p99')} data={data.p99} group="series" />
      <TimeChart title="p50 end to end" unit="ms" names={label('p50')} data={data.p50} group="series" />
      <TimeChart
        title="Backlog"
        unit="messages"
        names={label('backlog')}
        data={data.backlog}
        group="series"
      />
    </div>
  );
}

function chartData(series: readonly NamedSeries[]) {
  const length = Math.max(0, ...series.map(({ seconds }) => seconds.at(-1)?.second ?? 0));
  const x = Array.from({ length }, (_, index) => index + 1);
  const of = (field: (second: Second) => number | null): uPlot.AlignedData => [
    x,
    ...series.map(({ seconds }) => {
      const values: (number | null)[] = new Array(length).fill(null);
      for (const second of seconds) values[second.second - 1] = field(second);
      return values;
    }),
  ];
  return {
    length,
    consumed: of(({ consumed }) => consumed),
    p99: of(({ endToEndP99Ms }) => endToEndP99Ms),
    p50: of(({ endToEndP50Ms }) => endToEndP50Ms),
    backlog: of(({ backlog }) => backlog),
  };
}

/** NDJSON as seconds. */
export function secondsOfLines(text: string): Second[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Second);
}
