import { formatDuration, formatRate } from '../../analysis/report/format.ts';
import type { ExperimentDetail } from '../../contracts/documents/api.ts';
import { loadPhases, phases } from '../../contracts/documents/phases.ts';
import type { Phase } from '../../contracts/documents/progress.ts';
import { phaseNames } from '../parts/badges.tsx';
import { Waits } from '../parts/waits.tsx';
import { Lasted } from '../parts/words.tsx';

function leftInWords({ secondsElapsed, secondsTotal }: NonNullable<ExperimentDetail['progress']>): string {
  const left = formatDuration(Math.max(0, secondsTotal - secondsElapsed) * 1_000);
  return `${Math.round(secondsElapsed)} of ${Math.round(secondsTotal)} s, ${left} left to measure`;
}

function timeInWords(phase: Phase, progress: NonNullable<ExperimentDetail['progress']>): string {
  const { probe, secondsElapsed, secondsTotal } = progress;
  const isOverdue = phase === 'warming-up' && secondsElapsed >= secondsTotal;
  return `${probe === null ? '' : `probe ${probe}, `}${
    isOverdue ? `${Math.round(secondsElapsed)} s of warm-up, until it is level` : leftInWords(progress)
  }`;
}

const signs: Record<string, string> = { done: '✓', now: '▸', stuck: '!' };

/** Its phases, and what it waits for. */
export function Progress({ detail }: { detail: ExperimentDetail }) {
  const { timeline, phase, queuePosition, waits, progress, restarts, terraform } = detail;
  const entries = new Map(timeline.map((entry) => [entry.phase, entry]));
  const isUsual = (one: Phase) =>
    one === 'kept' ? detail.spec?.keepMinutes !== undefined : one !== 'needs-operator';
  const shown = phases.filter((one) => isUsual(one) || entries.has(one));
  return (
    <section className="card stack" aria-labelledby="phases">
      <div className="row spread">
        <h2 id="phases">Phases</h2>
        {phase !== 'closed' && (
          <p className="number soft timer" role="timer">
            {progress && loadPhases.includes(phase) && timeInWords(phase, progress)}
          </p>
        )}
      </div>
      <ol className="timeline">
        {shown.map((one) => {
          const entry = entries.get(one);
          const state = entry ? (entry.endedAt ? 'done' : one === 'needs-operator' ? 'stuck' : 'now') : '';
          return (
            <li key={one} className={state} aria-current={state === 'now' ? 'step' : undefined}>
              {signs[state] && <span aria-hidden="true">{signs[state]} </span>}
              {phaseNames[one]}
              {state === 'done' && <span className="hidden-visually"> done</span>}
              <div className="soft">{entry ? <Lasted from={entry.startedAt} to={entry.endedAt} /> : ' '}</div>
            </li>
          );
        })}
      </ol>
      {phase !== 'closed' && (
        <p className="kept-lines">
          {phase === 'queued' && queuePosition !== null && (
            <>
              Number <strong>{queuePosition}</strong> in the queue: one experiment measures at a time, so that
              none disturbs another.
            </>
          )}
        </p>
      )}
      {restarts > 0 && (
        <p className="notice open">
          The load was started over {restarts} {restarts === 1 ? 'time' : 'times'}, because a participant was
          lost.
        </p>
      )}
      <Waits waits={waits} subject={null} />
      {phase !== 'closed' && <Resources terraform={terraform} />}
    </section>
  );
}

const resourceStates = {
  planned: { word: 'planned', sign: '·', badge: '' },
  working: { word: 'at work', sign: '▸', badge: 'live' },
  done: { word: 'done', sign: '✓', badge: 'good' },
  failed: { word: 'failed', sign: '✗', badge: 'bad' },
} as const;

/** What terraform makes or destroys, one by one; its place is kept while there is none, so that nothing moves. */
function Resources({ terraform }: { terraform: ExperimentDetail['terraform'] }) {
  const { resources, command } = terraform ?? { resources: [], command: null };
  return (
    <div className="resources">
      {resources.length > 0 && (
        <>
          <span className="soft" id="terraform">
            terraform {command}
          </span>
          <ul aria-labelledby="terraform">
            {resources.map(({ address, state, startedAt, endedAt }) => {
              const { word, sign, badge } = resourceStates[state];
              return (
                <li key={address} className={`badge ${badge}`} title={address}>
                  <span aria-hidden="true">{sign}</span> {shortAddress(address)}
                  <span className="hidden-visually"> {word}</span>
                  {startedAt && state !== 'planned' && <Lasted from={startedAt} to={endedAt} />}
                </li>
              );
            })}
          </ul>
        </>
      )}
    </div>
  );
}

/** The last part that tells it from others: `broker-1` of `module.brokers.terraform_data.process["broker-1"]`. */
function shortAddress(address: string): string {
  const key = /\["([^"]+)"\]$/.exec(address)?.[1];
  const [of, name = address] = address.split('.').slice(-2);
  return key ?? (of === undefined || of === 'terraform_data' ? name : `${of}.${name}`);
}

/** What a search has tried; below all that is watched, for it grows. */
export function Probes({ probes }: { probes: ExperimentDetail['probes'] }) {
  if (probes.length === 0) return null;
  return (
    <section className="card scroll" aria-label="Rates tried">
      <table>
        <caption className="hidden-visually">Rates that the capacity search has tried</caption>
        <thead>
          <tr>
            <th scope="col" className="number">
              Rate tried
            </th>
            <th scope="col">Carried</th>
            <th scope="col">Because</th>
          </tr>
        </thead>
        <tbody>
          {probes.map((probe, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: probes keep their places
            <tr key={index}>
              <td className="number">{formatRate(probe.messagesPerSecond)} messages/s</td>
              <td>
                <span className={`badge ${probe.sustained ? 'good' : 'bad'}`}>
                  {probe.sustained ? '✓ yes' : '✗ no'}
                </span>
              </td>
              <td>{probe.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
