import type { Report } from '../../contracts/documents/api.ts';
import { RunDots } from '../charts/run-dots.tsx';
import { metricInWords } from '../result/verdict-list.tsx';
import { fewestForInterval, runRow } from './run-rows.ts';

/** Each run of each variant in each metric that is told, with the interval that holds the median. */
export function Repetitions({ report: { columns } }: { report: Report }) {
  if (columns.every(({ runs }) => runs.length < 2)) return null;
  const isAnyCutShort = columns.some(({ runs }) => runs.some(({ partial }) => partial));
  const metrics = [
    ...new Set(columns.flatMap(({ runs }) => runs.flatMap(({ measured }) => Object.keys(measured)))),
  ];
  return (
    <section className="card stack" aria-labelledby="r-runs">
      <h2 id="r-runs">Run by run</h2>
      <p className="soft small">
        A dot is a run, the line their median; the bar, from {fewestForInterval} runs on, holds the median of
        all such runs 15 times in 16. A ring at the right end is a run whose messages never came.
        {isAnyCutShort && ' A cross is a run that was cut short, and in no median.'}
      </p>
      <div className="columns">
        {metrics.map((metric) => (
          <RunDots
            key={metric}
            title={metricInWords(metric)}
            metric={metric}
            rows={columns.map((column, index) => runRow(column, index, metric))}
          />
        ))}
      </div>
    </section>
  );
}
