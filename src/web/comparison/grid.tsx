import { Link } from 'wouter';
import { formatRate } from '../../analysis/report/format.ts';
import type { ComparisonDetail } from '../../contracts/documents/api.ts';
import { phaseNames } from '../parts/badges.tsx';
import { Name } from '../parts/name.tsx';
import { hasEnded } from './states-of-runs.ts';
import { leftInWords } from './time-left.ts';

type Variant = ComparisonDetail['variants'][number];

const signs: Record<Variant['state'], { sign: string; tone: string; text: string }> = {
  waiting: { sign: '·', tone: '', text: 'waits' },
  running: { sign: '…', tone: 'live', text: 'runs' },
  'needs-operator': { sign: '!', tone: 'bad', text: 'needs you' },
  completed: { sign: '✓', tone: 'good', text: 'completed' },
  failed: { sign: '✗', tone: 'bad', text: 'failed' },
  cancelled: { sign: '–', tone: 'open', text: 'cancelled' },
};

/** Variants by repetitions, and what has become of each; every one leads to its experiment. */
export function Grid({ detail }: { detail: ComparisonDetail }) {
  const { variants } = detail;
  const names = [...new Set(variants.map(({ name }) => name))];
  const repetitions = Math.max(...variants.map(({ repetition }) => repetition));
  const done = variants.filter(({ state }) => hasEnded(state)).length;
  const running = variants.find(({ state }) => state === 'running');
  return (
    <section className="card stack" aria-labelledby="grid">
      <div className="row spread">
        <h2 id="grid">Experiments</h2>
        <p className="soft number timer">
          <span role="status">
            {done} of {variants.length} have ended
          </span>
          {done < variants.length && leftInWords(detail, Date.now())}
        </p>
      </div>
      {done < variants.length && (
        <p className="kept-lines soft number">
          {running && (
            <>
              <Name>{running.name}</Name>, run {running.repetition}: {runningText(running)}
            </>
          )}
        </p>
      )}
      <progress
        className="progress"
        max={variants.length}
        value={done}
        aria-label="Experiments that have ended"
      />
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Variant</th>
              {Array.from({ length: repetitions }, (_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: repetitions are their numbers
                <th key={index} scope="col">
                  Run {index + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">
                  <Name>{name}</Name>
                </th>
                {Array.from({ length: repetitions }, (_, index) => {
                  const run = variants.find((one) => one.name === name && one.repetition === index + 1);
                  // biome-ignore lint/suspicious/noArrayIndexKey: repetitions are their numbers
                  return <td key={index}>{run && <RunCell run={run} />}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function RunCell({ run }: { run: Variant }) {
  const { sign, tone, text } = signs[run.state];
  const badge = (
    <span className={`badge ${tone}`}>
      <span aria-hidden="true">{sign}</span> {text}
    </span>
  );
  if (run.state === 'waiting') return badge;
  return (
    <Link
      href={`/experiments/${run.experimentId}`}
      aria-label={`${run.name}, run ${run.repetition}: ${text}`}
    >
      {badge}
    </Link>
  );
}

function runningText({ phase, progress, queuePosition }: Variant): string {
  if (phase === 'queued' && queuePosition !== null) return `number ${queuePosition} in the queue`;
  const now = phase ? phaseNames[phase] : 'starts';
  return progress ? `${now}, ${formatRate(progress.consumedPerSecond)} messages/s` : now;
}
