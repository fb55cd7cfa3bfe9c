import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { Name } from '../parts/name.tsx';
import { dashesOf, seriesColors } from './line-looks.ts';

interface ChartProps {
  /** What it shows, for those who do not see it. */
  label: string;
  data: uPlot.AlignedData;
  /** Colours are given; a new object draws it anew. */
  options: (colors: ChartColors) => Omit<uPlot.Options, 'width' | 'height'>;
  low?: boolean;
}

/** Colours of the page's present scheme: a canvas does not know of style sheets. */
export interface ChartColors {
  ink: string;
  line: string;
  series: (index: number) => string;
}

/** A canvas chart that fits its place, follows the colour scheme, and takes new data without being made anew. */
export function Chart({ label, data, options, low }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const make = () => {
      plot.current?.destroy();
      const size = { width: element.clientWidth, height: element.clientHeight };
      plot.current = new uPlot({ ...options(colorsOf(element)), ...size }, latest.current, element);
    };
    make();
    const resized = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    resized.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', make);
    return () => {
      resized.disconnect();
      scheme.removeEventListener('change', make);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [options]);

  useEffect(() => {
    const now = plot.current;
    if (!now) return;
    const isWhole = !isZoomed(now);
    now.setData(data, isWhole);
    if (!isWhole) now.redraw();
  }, [data]);

  return (
    <div className={low ? 'chart low' : 'chart'} role="img" aria-label={label}>
      <div ref={place} />
    </div>
  );
}

/** Whether a person has chosen a part of it to look closer. */
function isZoomed({ data, scales }: uPlot): boolean {
  const [first, last] = [data[0][0], data[0].at(-1)];
  const { min, max } = scales.x ?? {};
  if (first === undefined || last === undefined || min == null || max == null) return false;
  return min > first || max < last;
}

function colorsOf(element: Element): ChartColors {
  const probe = document.createElement('span');
  element.append(probe);
  const resolved = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const [ink, line] = [resolved('--ink-soft'), resolved('--line')];
  const series = Array.from({ length: seriesColors }, (_, index) => resolved(`--series-${index + 1}`));
  probe.remove();
  return { ink, line, series: (index) => series[index % seriesColors] as string };
}

/** An axis in the page's type and colours. */
export function axis({ ink, line }: ChartColors, more: uPlot.Axis = {}): uPlot.Axis {
  return {
    stroke: ink,
    font: '12px system-ui, sans-serif',
    labelFont: '12px system-ui, sans-serif',
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1 },
    ...more,
  };
}

/** Which line is whose, by its colour and its dashes. */
export function Legend({ names }: { names: readonly string[] }) {
  return (
    <ul className="legend">
      {names.map((name, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names may be alike, and keep their places
        <li key={index}>
          <Swatch index={index} />
          <Name>{name}</Name>
        </li>
      ))}
    </ul>
  );
}

function Swatch({ index }: { index: number }) {
  return (
    <svg
      className={`swatch series-${(index % seriesColors) + 1}`}
      viewBox="0 0 28 4"
      width="28"
      height="4"
      aria-hidden="true"
    >
      <line
        x1="0"
        x2="28"
        y1="2"
        y2="2"
        stroke="currentColor"
        strokeWidth="3"
        strokeDasharray={dashesOf(index).join(' ')}
      />
    </svg>
  );
}
