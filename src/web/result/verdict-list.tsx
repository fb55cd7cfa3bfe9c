import { formatMetric, formatNumber } from '../../analysis/report/format.ts';
import type { Verdict } from '../../contracts/documents/result.ts';
import { VerdictBadge } from '../parts/badges.tsx';

/** `end-to-end p99 at most 50 ms`. */
export function requirementInWords({
  metric,
  atMost,
  atLeast,
}: Pick<Verdict, 'metric' | 'atMost' | 'atLeast'>): string {
  const bound =
    atMost === undefined
      ? `at least ${formatMetric(metric, atLeast ?? 0)}`
      : `at most ${formatMetric(metric, atMost)}`;
  return `${metricInWords(metric)} ${bound}`;
}

/** A metric's path as people say it. */
export function metricInWords(path: string): string {
  const [group, part = '', value = ''] = path.split('.');
  switch (group) {
    case 'latency':
      return `${latencies[part] ?? part} latency ${percentileInWords(value)}`;
    case 'throughput':
      return `${part} ${value === 'bytesPerSecond' ? 'bytes' : 'messages'} per second`;
    case 'messages':
      return `messages ${part}`;
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
            <div className="soft small number">{measuredInWords(verdict)}</div>
          </div>
        </li>
      ))}
    </ul>
  );
}

function measuredInWords({ metric, measured, low, high, runs, reason }: Verdict): string {
  if (measured === null) return reason;
  const value = `measured ${formatMetric(metric, measured)}`;
  if (typeof low !== 'number' || typeof high !== 'number' || !runs || runs < 2) return `${value}; ${reason}`;
  return `${value} over ${runs} runs (${formatNumber(low, 2)} to ${formatNumber(high, 2)}); ${reason}`;
}
