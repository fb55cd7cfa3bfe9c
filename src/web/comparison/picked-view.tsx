import { Link, useSearchParams } from 'wouter';
import type { Report } from '../../contracts/documents/api.ts';
import { getJson } from '../data/api.ts';
import { useResource } from '../data/use-resource.ts';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { useTitle } from '../parts/words.tsx';
import { ReportCurves } from '../report/report-curves.tsx';
import { ReportView } from '../report/report-view.tsx';
import { Exports } from './exports.tsx';
import { SeriesFailure } from './series-failure.tsx';
import { useReportSeries } from './use-report-series.ts';

/** `/compare?experiment=…&experiment=…`: finished experiments that a person picked, in that order. */
export function PickedView() {
  useTitle('Picked experiments');
  const [parameters] = useSearchParams();
  const ids = parameters.getAll('experiment');
  const query = new URLSearchParams(ids.map((id) => ['experiment', id]));
  const path = ids.length > 0 ? `/api/report?${query}` : null;
  const { data, error, reload } = useResource<Report>(path, (signal) => getJson(path ?? '', signal));
  const series = useReportSeries(data);
  return (
    <article className="stack wide">
      <h1>{data ? `${data.columns.length} picked experiments` : 'Picked experiments'}</h1>
      {path === null && (
        <Empty>
          <p>
            Pick experiments <Link href="/?show=experiments">from the list</Link> to compare them here.
          </p>
        </Empty>
      )}
      {error && (
        <>
          <Failure error={error} onRetry={reload} />
          <p>
            <Link href="/?show=experiments">All experiments</Link>
          </p>
        </>
      )}
      {path !== null && !data && !error && <Loading height="view" />}
      {data && path && (
        <>
          <ReportView
            report={data}
            series={series.data ?? []}
            curves={<ReportCurves report={data} />}
            links
          />
          {series.error && <SeriesFailure series={series} />}
          <Exports path={path} name="comparison" />
        </>
      )}
    </article>
  );
}
