import { useMemo } from 'react';
import type uPlot from 'uplot';
import { formatMs, formatRate } from '../../analysis/report/format.ts';
import { axis, Chart, type ChartColors, Legend } from './chart.tsx';
import { dashesOf } from './line-looks.ts';
import { tooltip } from './percentile-chart.tsx';
import { rangeWithin } from './stretches.ts';
import { ValuesTable } from './values-table.tsx';

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
  const text = textOf(unit);
  return (
    <figure>
      <h3>
        {title} <span className="soft small">{unit}</span>
      </h3>
      <Legend names={names} />
      <Chart
        low
        label={`${title} over time, in ${unit}. ${names.map((name, index) => lineInWords(name, data[index + 1], text)).join(' ')}`}
        data={data}
        options={options}
      />
      <ValuesTable title={title} names={names} data={data} text={text} />
    </figure>
  );
}

const textOf = (unit: TimeChartProps['unit']) => (unit === 'ms' ? formatMs : formatRate);

function lineInWords(
  name: string,
  values: uPlot.AlignedData[number] | undefined,
  text: (value: number) => string,
): string {
  const range = values && rangeWithin(values);
  if (!range) return `${name}: nothing yet.`;
  const [low, high] = range.map(text);
  return low === high ? `${name}: ${low}.` : `${name}: between ${low} and ${high}.`;
}

function timeOptions(
  colors: ChartColors,
  names: readonly string[],
  unit: TimeChartProps['unit'],
  untilSecond: number,
  group?: string,
): Omit<uPlot.Options, 'width' | 'height'> {
  const text = textOf(unit);
  return {
    legend: { show: false },
    cursor: { drag: { x: true, y: false }, ...(group ? { sync: { key: group } } : {}) },
    scales: {
      x: {
        time: false,
        // Without a point there are no bounds; not from 0 on is what somebody looks closer at.
        range: (_, min, max) => [min ?? 0, min ? (max ?? 1) : Math.max(max ?? 1, untilSecond)],
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
