import { useMemo } from 'react';
import type uPlot from 'uplot';
import { percentileName, pointsPerDecade, rarityAt } from '../../analysis/latency/rarity.ts';
import { formatMs } from '../../analysis/report/format.ts';
import { harmless } from '../../analysis/report/harmless-text.ts';
import { axis, Chart, type ChartColors, Legend } from './chart.tsx';
import { dashesOf } from './line-looks.ts';

export interface Curve {
  name: string;
  /** ms, as `percentileCurve` gives them. */
  values: readonly number[];
}

/** Latency by percentile; the rarer a latency, the further right, and each curve ends where its sample does. */
export function PercentileChart({ curves }: { curves: readonly Curve[] }) {
  const data = useMemo(() => alignedCurves(curves), [curves]);
  const isWide = spread(curves) > 30;
  const names = JSON.stringify(curves.map(({ name }) => name));
  const options = useMemo(
    () => (colors: ChartColors) => percentileOptions(colors, JSON.parse(names), isWide),
    [names, isWide],
  );
  if (data[0].length < 2) return <p className="soft">Too few messages for a curve.</p>;
  return (
    <figure>
      <Legend names={curves.map(({ name }) => name)} />
      <Chart
        label={`Latency by percentile. ${curves.map(curveInWords).join(' ')}`}
        data={data}
        options={options}
      />
      <figcaption className="small soft">
        In ms, by percentile. Each curve ends where fewer than ten messages lie beyond.
      </figcaption>
    </figure>
  );
}

function alignedCurves(curves: readonly Curve[]): uPlot.AlignedData {
  const length = Math.max(0, ...curves.map(({ values }) => values.length));
  const x = Array.from({ length }, (_, index) => rarityAt(index));
  return [x, ...curves.map(({ values }) => x.map((_, index) => values[index] ?? null))];
}

function spread(curves: readonly Curve[]): number {
  const all = curves.flatMap(({ values }) => values).filter((value) => value > 0);
  return Math.max(...all) / Math.min(...all);
}

function curveInWords({ name, values }: Curve): string {
  const at = (rarity: number) => {
    const index = Math.round(Math.log10(rarity) * pointsPerDecade);
    return index < values.length ? `${percentileName(rarity)} ${formatMs(values[index] ?? null)} ms` : null;
  };
  return `${name}: ${[2, 100, 1_000].map(at).filter(Boolean).join(', ')}.`;
}

const xTicks = [1, 2, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

function percentileOptions(
  colors: ChartColors,
  names: readonly string[],
  isWide: boolean,
): Omit<uPlot.Options, 'width' | 'height'> {
  return {
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    scales: {
      x: { time: false, distr: 3, log: 10 },
      y: isWide ? { distr: 3, log: 10 } : { range: (_, __, max) => [0, max * 1.08] },
    },
    axes: [
      axis(colors, {
        splits: (plot) => xTicks.filter((x) => x <= (plot.scales.x?.max ?? 1)),
        // Of a logarithmic axis, it would else keep whole decades alone.
        filter: (_, splits) => splits,
        values: (_, splits) => splits.map(percentileName),
      }),
      axis(colors, {
        size: 64,
        values: (_, splits) => splits.map((ms) => (ms === null ? '' : formatMs(ms))),
      }),
    ],
    series: [
      {},
      ...names.map((label, index) => ({
        label,
        stroke: colors.series(index),
        dash: dashesOf(index),
        width: 2,
        points: { show: false },
      })),
    ],
    plugins: [
      tooltip(
        (x) => percentileName(x),
        (y) => `${formatMs(y)} ms`,
        names,
      ),
    ],
  };
}

/** The values under the pointer, in a corner that is always there. */
export function tooltip(
  xText: (x: number) => string,
  yText: (y: number) => string,
  names: readonly string[],
): uPlot.Plugin {
  let box: HTMLDivElement;
  return {
    hooks: {
      init: (plot) => {
        box = document.createElement('div');
        box.className = 'tooltip';
        box.hidden = true;
        plot.over.append(box);
      },
      setCursor: (plot) => {
        const index = plot.cursor.idx;
        const x = index === null || index === undefined ? undefined : plot.data[0][index];
        box.hidden = x === undefined;
        if (x === undefined) return;
        const lines = names.flatMap((name, at) => {
          const y = plot.data[at + 1]?.[index as number];
          return typeof y === 'number' ? [`${harmless(name)}  ${yText(y)}`] : [];
        });
        // Text, never markup: names are what people typed.
        box.textContent = [xText(x), ...lines].join('\n');
        box.classList.toggle('left', (plot.cursor.left ?? 0) > plot.over.clientWidth / 2);
      },
    },
  };
}
