import { counted, formatMetric } from '../../analysis/report/format.ts';
import { Name } from '../parts/name.tsx';
import type { DotRow } from './dot-row.ts';
import { seriesColors } from './line-looks.ts';

const width = 640;
const left = 12;
const height = 28;
const middle = height / 2;

/** Each run as a dot, the median as a line, and the interval that holds it: never a bar alone. */
export function RunDots({ title, metric, rows }: { title: string; metric: string; rows: readonly DotRow[] }) {
  const all = rows
    .flatMap(({ dots, low, high }) => [...dots.map(({ value }) => value), low, high])
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
  const { name, dots, median, low, high, index } = row;
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
        {dots.map(({ value, isCutShort }, run) =>
          value === null ? null : (
            // biome-ignore lint/suspicious/noArrayIndexKey: runs keep their places
            <Dot key={run} x={x(value)} isCutShort={isCutShort} isEndless={!Number.isFinite(value)} />
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

/** A ring where there is no number, a cross where there was no time for one. */
function Dot({ x, isCutShort, isEndless }: { x: number; isCutShort: boolean; isEndless: boolean }) {
  if (isCutShort) {
    const [from, to] = [middle - 4, middle + 4];
    return (
      <path
        d={`M${x - 4} ${from}L${x + 4} ${to}M${x - 4} ${to}L${x + 4} ${from}`}
        stroke="currentColor"
        strokeWidth="1.5"
      />
    );
  }
  const fillOpacity = isEndless ? 0 : 0.75;
  return (
    <circle cx={x} cy={middle} r="5" fill="currentColor" fillOpacity={fillOpacity} stroke="currentColor" />
  );
}

/** A little room on both sides; from 0 where that is near. */
function padded(low: number, high: number): [number, number] {
  const room = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
  return [low >= 0 && low - room < high * 0.25 ? 0 : low - room, high + room];
}

function inWords(title: string, metric: string, rows: readonly DotRow[]): string {
  const said = rows.map(({ name, dots, median, low, high }) => {
    const measured = dots.filter(({ value }) => value !== null);
    const cut = measured.filter(({ isCutShort }) => isCutShort).length;
    const runs = measured.length - cut || cut;
    const middle = median === null ? 'not measured' : `median ${formatMetric(metric, median)}`;
    const between =
      low === null || high === null
        ? ''
        : `, between ${formatMetric(metric, low)} and ${formatMetric(metric, high)}`;
    const beside = cut > 0 ? `; ${counted(cut, 'run')} cut short` : '';
    return `${name}: ${middle} of ${runs} runs${between}${beside}.`;
  });
  return `${title}. ${said.join(' ')}`;
}
