import type { Outcome, Phase } from '../../contracts/documents/progress.ts';
import type { Verdict } from '../../contracts/documents/result.ts';

/** Met, not met, undecided or not measured: said by a sign and a word, not by colour alone. */
export function VerdictBadge({ verdict }: { verdict: Verdict['verdict'] }) {
  const { tone, text } = verdicts[verdict];
  return <span className={`badge ${tone}`}>{text}</span>;
}

const verdicts: Record<Verdict['verdict'], { tone: string; text: string }> = {
  met: { tone: 'good', text: '✓ met' },
  'not-met': { tone: 'bad', text: '✗ not met' },
  undecided: { tone: 'open', text: '? undecided' },
  'not-measured': { tone: '', text: '– not measured' },
};

interface State {
  outcome: Outcome | null;
  phase?: Phase | null;
}

/** How it ended or, while it is open, what it does. */
export function StateBadge(state: State) {
  const { outcome, phase } = state;
  const text = stateInWords(state);
  if (phase === 'needs-operator') return <span className="badge bad">! {text}</span>;
  const tone = outcome === null || (phase && phase !== 'closed') ? 'live' : outcomeTones[outcome];
  return <span className={`badge ${tone}`}>{text}</span>;
}

export function stateInWords({ outcome, phase }: State): string {
  if (phase && phase !== 'closed') return phaseNames[phase];
  return outcome ?? (phase ? phaseNames[phase] : 'running');
}

const outcomeTones: Record<Outcome, string> = { completed: 'good', failed: 'bad', cancelled: 'open' };

export const phaseNames: Record<Phase, string> = {
  queued: 'queued',
  provisioning: 'provisioning',
  'warming-up': 'warming up',
  measuring: 'measuring',
  draining: 'draining',
  uploading: 'uploading',
  kept: 'kept',
  destroying: 'destroying',
  'needs-operator': 'needs you',
  closed: 'closed',
};

export function EmulatedBadge({ emulated }: { emulated: boolean }) {
  return emulated ? <span className="badge open">emulated</span> : null;
}
