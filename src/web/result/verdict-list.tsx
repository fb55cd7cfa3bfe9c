import { boundInWords, intervalInWords, measuredInWords } from '../../analysis/report/verdict-words.ts';
import type { Verdict } from '../../contracts/documents/result.ts';
import { VerdictBadge } from '../parts/badges.tsx';

/** `end-to-end p99 at most 50 ms`. */
export function requirementInWords(verdict: Pick<Verdict, 'metric' | 'atMost' | 'atLeast'>): string {
  return `${metricInWords(verdict.metric)} ${boundInWords(verdict)}`;
}

/** A metric's path as people say it. */
export function metricInWords(path: string): string {
  const [group, part = '', value = ''] = path.split('.');
  switch (group) {
    case 'latency':
      return value === 'count'
        ? `messages in ${latencies[part] ?? part} latency`
        : `${latencies[part] ?? part} latency ${percentileInWords(value)}`;
    case 'throughput':
      return `${part} ${value === 'bytesPerSecond' ? 'bytes' : 'messages'} per second`;
    case 'messages':
      return `messages ${part}`;
    case 'durationSeconds':
      return 'measured time';
    default:
      return path;
  }
}

const latencies: Record<string, string> = {
  endToEnd: 'end-to-end',
  publish: 'publish',
  publishScheduled: 'publish (from when it was due)',
};

function percentileInWords(value: string): string {
  const [, digits] = /^p(\d+)Ms$/.exec(value) ?? [];
  if (!digits) return value.replace(/Ms$/, '');
  return digits.length > 2 ? `p${digits.slice(0, 2)}.${digits.slice(2)}` : `p${digits}`;
}

/** Each requirement, what was measured of it, and the verdict with its reason. */
export function VerdictList({ verdicts }: { verdicts: readonly Verdict[] }) {
  if (verdicts.length === 0) return <p className="soft">No requirements were given.</p>;
  return (
    <ul className="verdicts">
      {verdicts.map((verdict) => (
        <li key={`${verdict.metric} ${verdict.atMost} ${verdict.atLeast}`}>
          <VerdictBadge verdict={verdict.verdict} />
          <div>
            <div>{requirementInWords(verdict)}</div>
            <div className="soft small number">{measuredWithReason(verdict)}</div>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** What was measured and why that is the verdict; only why where nothing was. */
function measuredWithReason(verdict: Verdict): string {
  const { runs, reason } = verdict;
  const measured = measuredInWords(verdict);
  if (measured === null) return reason;
  const interval = intervalInWords(verdict);
  if (!interval || !runs || runs < 2) return `measured ${measured}; ${reason}`;
  return `measured ${measured} over ${runs} runs (${interval}); ${reason}`;
}
