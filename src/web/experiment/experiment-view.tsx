import { useCallback, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { harmless } from '../../analysis/report/harmless-text.ts';
import type { ExperimentDetail } from '../../contracts/documents/api.ts';
import type { LiveStats } from '../../contracts/documents/progress.ts';
import { request } from '../data/api.ts';
import { useLive } from '../data/use-live.ts';
import { EmulatedBadge, StateBadge, stateInWords } from '../parts/badges.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Connection, NotYet } from '../parts/connection.tsx';
import { Name } from '../parts/name.tsx';
import { Told } from '../parts/told.tsx';
import { Asked, useTitle } from '../parts/words.tsx';
import { CancelButton } from './cancel-button.tsx';
import { KeptNotice } from './kept-notice.tsx';
import { LiveCharts } from './live-charts.tsx';
import { LogTail } from './log-tail.tsx';
import { OperatorNotice } from './operator-notice.tsx';
import { Probes, Progress } from './progress.tsx';
import { ResultPart } from './result-part.tsx';
import { RunAgain } from './run-again.tsx';

/** When no load comes any more. */
const afterLoad: readonly ExperimentDetail['phase'][] = ['kept', 'destroying', 'needs-operator', 'closed'];
/** Seconds that are kept of a live run; older ones are in the series of the result. */
const mostKept = 3_600;

/** `/experiments/{id}`: what it does while it runs, and what it measured. */
export function ExperimentView({ id }: { id: string }) {
  const [stats, setStats] = useState<readonly LiveStats[]>([]);
  const lastAt = useRef(0);
  const keep = useCallback(({ progress }: ExperimentDetail) => {
    if (!progress || progress.atEpochMs === lastAt.current) return;
    lastAt.current = progress.atEpochMs;
    setStats((last) => [...last.slice(-mostKept + 1), progress]);
  }, []);
  const live = useLive<ExperimentDetail>(`/api/experiments/${encodeURIComponent(id)}`, keep);
  const { data } = live;
  const [openedIn, setOpenedIn] = useState<ExperimentDetail['phase'] | null>(null);
  const state = data ? stateInWords(data) : undefined;
  useTitle(data?.name ?? 'Experiment', state);
  if (!data) return <NotYet live={live} title="Experiment" />;
  const isClosed = data.phase === 'closed';
  const result = data.links.result && <ResultPart key="result" detail={data} />;
  if (openedIn === null) setOpenedIn(data.phase);
  // Whoever comes after the load sees at once what came of it; for those who watch, nothing moves.
  const openedAfterLoad = afterLoad.includes(openedIn ?? data.phase);
  const isResultFirst = isClosed || openedAfterLoad;
  return (
    <article className="stack wide">
      <Head detail={data} />
      <Told text={toldOf(data)} />
      {!isClosed && <Connection live={live} />}
      {data.operator && <OperatorNotice id={id} operator={data.operator} subject={null} />}
      {data.keptUntil && (
        <KeptNotice id={id} until={data.keptUntil} asked={data.cancelRequestedAt !== null} />
      )}
      {data.failure && (
        <div className="notice bad">
          <p>
            <strong>
              Failed while {data.failure.phase} ({data.failure.code}).
            </strong>{' '}
            {data.failure.message}
          </p>
          {data.failure.diagnostics.map(({ summary, detail, address }) => (
            <p key={`${address} ${summary}`} className="small">
              {[address, summary, detail].filter(Boolean).join(': ')}
            </p>
          ))}
        </div>
      )}
      {isResultFirst && result}
      <Progress detail={data} />
      {!isResultFirst && <LiveCharts stats={stats} />}
      <LogTail detail={data} />
      <Probes probes={data.probes} />
      {/* While what was made is destroyed, nothing that is watched moves out of its way. */}
      {!isResultFirst && result}
    </article>
  );
}

/** Phases, and how it ended: not the numbers, which change each second. */
function toldOf({ name, outcome, phase, failure, cancelRequestedAt, keptUntil }: ExperimentDetail): string {
  const said = harmless(name);
  if (phase === 'closed') return `${said} has ended: ${outcome}.${failure ? ` ${failure.message}` : ''}`;
  if (keptUntil) return `${said} was measured, and is kept until ${new Date(keptUntil).toLocaleString()}.`;
  const stops = cancelRequestedAt !== null && phase !== 'destroying' ? ', and is being stopped' : '';
  return `${said}: ${stateInWords({ outcome, phase })}${stops}`;
}

function Head({ detail }: { detail: ExperimentDetail }) {
  const { id, name, technology, target, emulated, comparisonId, outcome, phase, links } = detail;
  const [, navigate] = useLocation();
  return (
    <header className="stack">
      <div className="row spread">
        <div>
          <h1>
            <Name>{name}</Name>
          </h1>
          <p className="row soft small">
            <StateBadge outcome={outcome} phase={phase} />
            <EmulatedBadge emulated={emulated} />
            <span>
              {technology} on {target}
            </span>
            <Asked what="submitted" at={detail.submittedAt} by={detail.submittedBy} />
            {detail.cancelRequestedAt && (
              <Asked what="stopped" at={detail.cancelRequestedAt} by={detail.cancelRequestedBy} />
            )}
            <code>{id}</code>
          </p>
        </div>
        <div className="row">
          {phase !== 'closed' && phase !== 'kept' && (
            <CancelButton what="run" path={links.self} asked={detail.cancelRequestedAt !== null} />
          )}
          {detail.spec && (
            <>
              <RunAgain kind="experiments" name={name} spec={detail.spec} />
              <Link className="button" href={`/new?experiment=${id}`}>
                Run again, with changes
              </Link>
            </>
          )}
          {phase === 'closed' && comparisonId === null && (
            <Confirm
              danger
              label="Delete"
              leaveLabel="Keep it"
              title={`Delete “${name}”?`}
              onConfirm={async () => {
                await request(links.self, { method: 'DELETE' });
                navigate('/?show=experiments');
              }}
            >
              <p>Its result, series, ledgers and logs, and its history. This cannot be undone.</p>
            </Confirm>
          )}
        </div>
      </div>
      <p className="row small">
        {comparisonId && <Link href={`/comparisons/${comparisonId}`}>Its comparison</Link>}
        {links.temporal && (
          <a href={links.temporal} target="_blank" rel="noreferrer">
            Every step, in the Temporal Web UI
          </a>
        )}
      </p>
    </header>
  );
}
