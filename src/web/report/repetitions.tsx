import { comparableInReport } from '../../analysis/repetitions/comparable.ts';
import { medianOfRuns } from '../../analysis/statistics/run-median.ts';
import type { Report } from '../../contracts/documents/api.ts';
import { type DotRow, RunDots } from '../charts/run-dots.tsx';
import { metricInWords } from '../result/verdict-list.tsx';

/** Fewer runs than this have no interval that says anything. */
const fewestForInterval = 5;

/** Each run of each variant in each metric that is told, with the interval that holds the median. */
export function Repetitions({ report: { columns } }: { report: Report }) {
  if (columns.every(({ runs }) => runs.length < 2)) return null;
  const metrics = [
    ...new Set(columns.flatMap(({ runs }) => runs.flatMap(({ measured }) => Object.keys(measured)))),
  ];
  return (
    <section className="card stack" aria-labelledby="r-runs">
      <h2 id="r-runs">Run by run</h2>
      <p className="soft small">
        A dot is a run, the line their median; the bar, from {fewestForInterval} runs on, holds the median of
        all such runs 15 times in 16. A ring at the right end is a run whose messages never came.
      </p>
      <div className="columns">
        {metrics.map((metric) => (
          <RunDots
            key={metric}
            title={metricInWords(metric)}
            metric={metric}
            rows={columns.map((column, index) => rowOf(column, index, metric))}
          />
        ))}
      </div>
    </section>
  );
}

function rowOf({ label, runs }: Report['columns'][number], index: number, metric: string): DotRow {
  const values = runs.map(({ measured }) => comparableInReport(measured, metric));
  const told = medianOfRuns(values.filter((value) => value !== null));
  const hasInterval = told !== null && told.runs >= fewestForInterval;
  return {
    name: label,
    values,
    median: told?.median ?? null,
    low: hasInterval ? told.low : null,
    high: hasInterval ? told.high : null,
    index,
  };
}
