import { useMemo } from 'react';
import type uPlot from 'uplot';
import { formatMs, formatRate } from '../../analysis/report/format.ts';
import { axis, Chart, type ChartColors, Legend } from './chart.tsx';
import { dashesOf } from './line-looks.ts';
import { tooltip } from './percentile-chart.tsx';

interface TimeChartProps {
  title: string;
  unit: 'ms' | 'messages/s' | 'messages';
  names: readonly string[];
  /** Seconds, then the values of each name. */
  data: uPlot.AlignedData;
  /** Seconds that the axis shows at least, so that it does not move while values come. */
  untilSecond?: number;
  /** Charts of one group show their cursors at the same time. */
  group?: string;
}

/** Values over seconds; drag to look closer, double click to see all again. */
export function TimeChart({ title, unit, names, data, untilSecond = 0, group }: TimeChartProps) {
  const joined = JSON.stringify(names);
  const options = useMemo(
    () => (colors: ChartColors) => timeOptions(colors, JSON.parse(joined), unit, untilSecond, group),
    [joined, unit, untilSecond, group],
  );
  return (
    <figure>
      <h3>
        {title} <span className="soft small">{unit}</span>
      </h3>
      <Legend names={names} />
      <Chart
        low
        label={`${title} over time, in ${unit}: ${names.join(', ')}`}
        data={data}
        options={options}
      />
    </figure>
  );
}

function timeOptions(
  colors: ChartColors,
  names: readonly string[],
  unit: string,
  untilSecond: number,
  group?: string,
): Omit<uPlot.Options, 'width' | 'height'> {
  const text = unit === 'ms' ? formatMs : formatRate;
  return {
    legend: { show: false },
    cursor: { drag: { x: true, y: false }, ...(group ? { sync: { key: group } } : {}) },
    scales: {
      x: {
        time: false,
        range: (_, min, max) => [min ?? 0, min === 0 ? Math.max(max ?? 1, untilSecond) : (max ?? 1)],
      },
      y: { range: (_, __, max) => [0, (max || 1) * 1.08] },
    },
    axes: [
      axis(colors, { values: (_, splits) => splits.map((second) => `${second} s`) }),
      axis(colors, { size: 68, values: (_, splits) => splits.map((value) => text(value)) }),
    ],
    series: [
      {},
      ...names.map((label, index) => ({
        label,
        stroke: colors.series(index),
        dash: dashesOf(index),
        width: 1.5,
        points: { show: false },
        spanGaps: false,
      })),
    ],
    plugins: [
      tooltip(
        (x) => `${x.toFixed(0)} s`,
        (y) => `${text(y)} ${unit}`,
        names,
      ),
    ],
  };
}
