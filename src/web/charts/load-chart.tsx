import { useMemo } from 'react';
import type uPlot from 'uplot';
import { formatMs, formatRate } from '../../analysis/report/format.ts';
import { axis, Chart, type ChartColors, Legend } from './chart.tsx';
import { dashesOf } from './line-looks.ts';
import { tooltip } from './percentile-chart.tsx';

/** A variant's latency at each rate. */
export interface LoadCurve {
  name: string;
  points: readonly { messagesPerSecond: number; ms: number | null }[];
  /** The rate of its knee; null where there is none. */
  kneeMessagesPerSecond: number | null;
}

/** Latency against load, the knee of each variant ringed. */
export function LoadChart({ title, curves }: { title: string; curves: readonly LoadCurve[] }) {
  const key = JSON.stringify(curves);
  const data = useMemo(() => alignedCurves(JSON.parse(key)), [key]);
  const options = useMemo(() => (colors: ChartColors) => loadOptions(colors, JSON.parse(key)), [key]);
  return (
    <figure>
      <h3>
        {title} <span className="soft small">ms, by messages/s</span>
      </h3>
      <Legend names={curves.map(({ name }) => name)} />
      <Chart
        label={`${title} against load. ${curves.map(curveInWords).join(' ')}`}
        data={data}
        options={options}
      />
    </figure>
  );
}

function curveInWords({ name, points, kneeMessagesPerSecond }: LoadCurve): string {
  const at = points.map(
    ({ messagesPerSecond, ms }) => `${formatMs(ms)} ms at ${formatRate(messagesPerSecond)}/s`,
  );
  const knee =
    kneeMessagesPerSecond === null ? '' : `; the knee is at ${formatRate(kneeMessagesPerSecond)}/s`;
  return `${name}: ${at.join(', ')}${knee}.`;
}

function alignedCurves(curves: readonly LoadCurve[]): uPlot.AlignedData {
  const rates = curves.flatMap(({ points }) => points.map(({ messagesPerSecond }) => messagesPerSecond));
  const x = [...new Set(rates)].sort((a, b) => a - b);
  return [
    x,
    ...curves.map(({ points }) => {
      const byRate = new Map(points.map(({ messagesPerSecond, ms }) => [messagesPerSecond, ms]));
      return x.map((rate) => byRate.get(rate) ?? null);
    }),
  ];
}

function loadOptions(
  colors: ChartColors,
  curves: readonly LoadCurve[],
): Omit<uPlot.Options, 'width' | 'height'> {
  const values = curves.flatMap(({ points }) => points.flatMap(({ ms }) => ms ?? []));
  const isWide = Math.max(...values) / Math.min(...values) > 30;
  return {
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: (_, __, max) => [0, (max ?? 1) * 1.04] },
      y: isWide ? { distr: 3, log: 10 } : { range: (_, __, max) => [0, (max || 1) * 1.08] },
    },
    axes: [
      axis(colors, { values: (_, splits) => splits.map((rate) => formatRate(rate)) }),
      axis(colors, {
        size: 64,
        values: (_, splits) => splits.map((ms) => (ms === null ? '' : formatMs(ms))),
      }),
    ],
    series: [
      {},
      ...curves.map(({ name }, index) => ({
        label: name,
        stroke: colors.series(index),
        dash: dashesOf(index),
        width: 2,
        // Each variant has rates of its own.
        spanGaps: true,
        points: { show: true, size: 6 },
      })),
    ],
    plugins: [
      tooltip(
        (x) => `${formatRate(x)} messages/s`,
        (y) => `${formatMs(y)} ms`,
        curves.map(({ name }) => name),
      ),
      knees(colors, curves),
    ],
  };
}

/** A ring around the knee of each curve. */
function knees(colors: ChartColors, curves: readonly LoadCurve[]): uPlot.Plugin {
  return {
    hooks: {
      draw: (plot) => {
        const { ctx } = plot;
        curves.forEach(({ points, kneeMessagesPerSecond }, index) => {
          const knee = points.find((point) => point.messagesPerSecond === kneeMessagesPerSecond);
          if (!knee || knee.ms === null) return;
          const x = plot.valToPos(knee.messagesPerSecond, 'x', true);
          const y = plot.valToPos(knee.ms, 'y', true);
          ctx.save();
          ctx.beginPath();
          ctx.lineWidth = 2 * devicePixelRatio;
          ctx.strokeStyle = colors.series(index);
          ctx.arc(x, y, 8 * devicePixelRatio, 0, 2 * Math.PI);
          ctx.stroke();
          ctx.restore();
        });
      },
    },
  };
}
