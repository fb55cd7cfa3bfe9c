import { useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { harmless } from '../../analysis/report/harmless-text.ts';
import type { ComparisonDetail, Report } from '../../contracts/documents/api.ts';
import { getJson, request } from '../data/api.ts';
import { useLive } from '../data/use-live.ts';
import { useResource } from '../data/use-resource.ts';
import { CancelButton } from '../experiment/cancel-button.tsx';
import { OperatorNotice } from '../experiment/operator-notice.tsx';
import { RunAgain } from '../experiment/run-again.tsx';
import { StateBadge, stateInWords } from '../parts/badges.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Connection, NotYet } from '../parts/connection.tsx';
import { Name } from '../parts/name.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { Told } from '../parts/told.tsx';
import { Waits } from '../parts/waits.tsx';
import { Asked, useTitle } from '../parts/words.tsx';
import { ReportCurves } from '../report/report-curves.tsx';
import { ReportView } from '../report/report-view.tsx';
import { Exports } from './exports.tsx';
import { Grid } from './grid.tsx';
import { SeriesFailure } from './series-failure.tsx';
import { hasEnded } from './states-of-runs.ts';
import { useReportSeries } from './use-report-series.ts';

/** `/comparisons/{id}`: the answer first, then what it follows from; while it runs, how far it is. */
export function ComparisonView({ id }: { id: string }) {
  const path = `/api/comparisons/${encodeURIComponent(id)}`;
  const live = useLive<ComparisonDetail>(path);
  const { data } = live;
  const finished = data?.variants.filter(({ state }) => hasEnded(state)).length ?? 0;
  useTitle(data?.name ?? 'Comparison', data ? titleState(data, finished) : undefined);
  const reportPath = data && (finished > 0 || data.outcome) ? `${path}/report` : null;
  const report = useResource<Report>(reportPath, (signal) => getJson(`${path}/report`, signal));
  const { reload } = report;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each experiment that ends changes the report
  useEffect(() => reload(), [finished, data?.outcome, reload]);
  const series = useReportSeries(data?.outcome ? report.data : null);
  if (!data) return <NotYet live={live} title="Comparison" />;
  const isOpen = data.outcome === null;
  return (
    <article className="stack wide">
      <Head detail={data} />
      <Told text={toldOf(data)} />
      {isOpen && <Connection live={live} />}
      {data.failure && (
        <p className="notice bad">
          <strong>Failed ({data.failure.code}).</strong> {data.failure.message}
        </p>
      )}
      {data.variants.map(
        ({ experimentId, operator, name, repetition }) =>
          operator && (
            <OperatorNotice
              key={experimentId}
              id={experimentId}
              operator={operator}
              subject={`${name}, run ${repetition}`}
            />
          ),
      )}
      {isOpen && (
        <>
          <Waits waits={data.waits} subject={null} />
          {data.variants.map(({ experimentId, name, repetition, waits }) => (
            <Waits key={experimentId} waits={waits ?? []} subject={`${name}, run ${repetition}`} />
          ))}
          <Grid detail={data} />
        </>
      )}
      {report.error && <Failure error={report.error} onRetry={reload} />}
      {report.data && (
        <>
          {isOpen && (
            <p className="notice">
              So far, of {finished} of {data.variants.length} experiments:
            </p>
          )}
          <ReportView
            report={report.data}
            series={series.data ?? []}
            curves={<ReportCurves report={report.data} />}
            links
          />
        </>
      )}
      {series.error && <SeriesFailure series={series} />}
      {!report.data && reportPath && !report.error && <Loading height="view" />}
      {!isOpen && <Grid detail={data} />}
      {report.data && <Exports path={`${path}/report`} name={id} />}
    </article>
  );
}

function needsYou({ variants }: ComparisonDetail): boolean {
  return variants.some(({ state }) => state === 'needs-operator');
}

function titleState(detail: ComparisonDetail, finished: number): string {
  const { outcome, variants } = detail;
  if (outcome === null && needsYou(detail)) return 'needs you';
  return outcome ?? `${finished} of ${variants.length}`;
}

/** How it ended, or that it needs somebody; how far it is, its grid says. */
function toldOf(detail: ComparisonDetail): string {
  const { name, outcome, failure, cancelRequestedAt } = detail;
  const said = harmless(name);
  if (outcome !== null) return `${said} has ended: ${outcome}.${failure ? ` ${failure.message}` : ''}`;
  if (needsYou(detail)) return `${said} needs you`;
  return `${said}: ${cancelRequestedAt === null ? stateInWords({ outcome }) : 'is being stopped'}`;
}

function Head({ detail }: { detail: ComparisonDetail }) {
  const { id, name, outcome, links, variants } = detail;
  const [, navigate] = useLocation();
  return (
    <header className="row spread">
      <div>
        <h1>
          <Name>{name}</Name>
        </h1>
        <p className="row soft small">
          <StateBadge outcome={outcome} />
          <span>
            {variants.length} {variants.length === 1 ? 'experiment' : 'experiments'}
          </span>
          <Asked what="submitted" at={detail.submittedAt} by={detail.submittedBy} />
          {detail.cancelRequestedAt && (
            <Asked what="stopped" at={detail.cancelRequestedAt} by={detail.cancelRequestedBy} />
          )}
          <code>{id}</code>
          {links.temporal && (
            <a href={links.temporal} target="_blank" rel="noreferrer">
              Every step, in the Temporal Web UI
            </a>
          )}
        </p>
      </div>
      <div className="row">
        {outcome === null && (
          <CancelButton what="comparison" path={links.self} asked={detail.cancelRequestedAt !== null} />
        )}
        {detail.spec && (
          <>
            <RunAgain kind="comparisons" name={name} spec={detail.spec} />
            <Link className="button" href={`/new?comparison=${id}`}>
              Run again, with changes
            </Link>
          </>
        )}
        {outcome !== null && (
          <Confirm
            danger
            label="Delete"
            leaveLabel="Keep it"
            title={`Delete “${name}”?`}
            onConfirm={async () => {
              await request(`${links.self}?experiments=true`, { method: 'DELETE' });
              navigate('/');
            }}
          >
            <p>The report, its experiments, and all that was kept of them. This cannot be undone.</p>
          </Confirm>
        )}
      </div>
    </header>
  );
}
