import { formatMetric } from '../../analysis/report/format.ts';
import { Name } from '../parts/name.tsx';
import { seriesColors } from './line-looks.ts';

export interface DotRow {
  name: string;
  /** A value a run, infinite where its messages never came; null where it was not measured. */
  values: readonly (number | null)[];
  median: number | null;
  /** The interval that holds the median; null where there are too few runs. */
  low: number | null;
  high: number | null;
  /** The variant's place in the report, which gives its colour. */
  index: number;
}

const width = 640;
const left = 12;
const height = 28;
const middle = height / 2;

/** Each run as a dot, the median as a line, and the interval that holds it: never a bar alone. */
export function RunDots({ title, metric, rows }: { title: string; metric: string; rows: readonly DotRow[] }) {
  const all = rows
    .flatMap(({ values, low, high }) => [...values, low, high])
    .filter((value) => value !== null && Number.isFinite(value)) as number[];
  if (all.length === 0) return null;
  const [from, to] = padded(Math.min(...all), Math.max(...all));
  const x = (value: number) =>
    Math.min(width - left, left + ((value - from) / (to - from)) * (width - 2 * left));
  return (
    <figure>
      <h3>{title}</h3>
      <div className="dots" role="img" aria-label={inWords(title, metric, rows)}>
        {rows.map((row) => (
          <Row key={row.index} row={row} x={x} metric={metric} />
        ))}
        <div className="dots-axis">
          <span>{formatMetric(metric, from)}</span>
          <span>{formatMetric(metric, to)}</span>
        </div>
      </div>
    </figure>
  );
}

/** Its words stand beside the drawing, which is scaled down on a narrow screen. */
function Row({ row, x, metric }: { row: DotRow; x: (value: number) => number; metric: string }) {
  const { name, values, median, low, high, index } = row;
  return (
    <>
      <p className="small soft">
        <Name>{name}</Name>
        {median === null ? '' : `: ${formatMetric(metric, median)}`}
      </p>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        className={`series-${(index % seriesColors) + 1}`}
        aria-hidden="true"
      >
        <line x1={left} x2={width - left} y1={middle} y2={middle} stroke="var(--line)" />
        {low !== null && high !== null && (
          <line
            x1={x(low)}
            x2={x(high)}
            y1={middle}
            y2={middle}
            stroke="currentColor"
            strokeWidth="8"
            opacity="0.3"
          />
        )}
        {values.map((value, run) =>
          value === null ? null : (
            // biome-ignore lint/suspicious/noArrayIndexKey: runs keep their places
            <circle key={run} cx={x(value)} cy={middle} r="5" {...dotLook(value)} />
          ),
        )}
        {median !== null && (
          <line
            x1={x(median)}
            x2={x(median)}
            y1="2"
            y2={height - 2}
            stroke="currentColor"
            strokeWidth="2.5"
          />
        )}
      </svg>
    </>
  );
}

/** A ring where there is no number. */
function dotLook(value: number) {
  const fillOpacity = Number.isFinite(value) ? 0.75 : 0;
  return { fill: 'currentColor', fillOpacity, stroke: 'currentColor' };
}

/** A little room on both sides; from 0 where that is near. */
function padded(low: number, high: number): [number, number] {
  const room = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
  return [low >= 0 && low - room < high * 0.25 ? 0 : low - room, high + room];
}

function inWords(title: string, metric: string, rows: readonly DotRow[]): string {
  const said = rows.map(({ name, values, median, low, high }) => {
    const runs = values.filter((value) => value !== null).length;
    const middle = median === null ? 'not measured' : `median ${formatMetric(metric, median)}`;
    const between =
      low === null || high === null
        ? ''
        : `, between ${formatMetric(metric, low)} and ${formatMetric(metric, high)}`;
    return `${name}: ${middle} of ${runs} runs${between}.`;
  });
  return `${title}. ${said.join(' ')}`;
}
