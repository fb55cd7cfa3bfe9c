import { formatCount, formatDuration, formatMs } from '../../analysis/format.ts';
import type { ComparisonDetail, ExperimentDetail } from '../../contracts/documents/api.ts';

/** What of an experiment is shown while it runs; a running variant of a comparison has the same fields. */
export type Activity = Pick<ExperimentDetail, 'queuePosition' | 'operator' | 'progress'> & {
  phase: ExperimentDetail['phase'] | null;
  timeline: ExperimentDetail['timeline'] | null;
};

const barWidth = 20;

/** Lines for a terminal: name, phase, rate, p99, a bar for the time left. */
export function experimentLines(detail: ExperimentDetail, now: Date): string[] {
  const name = detail.emulated ? `${detail.name} (EMULATED)` : detail.name;
  return [`${name}  ${detail.id}`, `  ${activityText(detail, now)}`, ...closingLines(detail)];
}

/** Lines for a terminal: one a variant. */
export function comparisonLines(detail: ComparisonDetail, now: Date): string[] {
  const width = Math.max(0, ...detail.variants.map(({ name }) => name.length));
  const variants = detail.variants.map((variant) => {
    const doing = variant.state === 'running' && variant.phase ? activityText(variant, now) : variant.state;
    return `  ${marks[variant.state]} ${variant.name.padEnd(width)}  ${doing}`;
  });
  return [`${detail.name}  ${detail.id}`, ...variants, ...closingLines(detail)];
}

const marks = { waiting: '·', running: '▶', completed: '✔', failed: '✖', cancelled: '■' };

/** What is going on, in one line. */
export function activityText(activity: Activity, now: Date): string {
  const { phase, queuePosition, operator, progress } = activity;
  if (phase === null) return 'starting';
  if (phase === 'queued' && queuePosition) return `queued, number ${queuePosition} in line`;
  if (phase === 'needs-operator' && operator) return `needs-operator: ${operator.reason}`;
  if (phase === 'closed') return 'closed';
  if (!progress) {
    const since = activity.timeline?.findLast((entry) => entry.phase === phase)?.startedAt;
    return since ? `${phase} for ${formatDuration(now.getTime() - Date.parse(since))}` : phase;
  }
  const { producedPerSecond, consumedPerSecond, endToEndP99Ms, secondsElapsed, secondsTotal } = progress;
  const { probe, intendedPerSecond } = progress;
  const parts = [
    probe === null ? phase : `probe ${probe} at ${formatCount(intendedPerSecond)}/s`,
    `produced ${formatCount(producedPerSecond)}/s`,
    `consumed ${formatCount(consumedPerSecond)}/s`,
    `p99 ${formatMs(endToEndP99Ms)} ms`,
  ];
  if (secondsTotal > 0) {
    parts.push(
      `${bar(secondsElapsed / secondsTotal)} ${Math.max(0, Math.ceil(secondsTotal - secondsElapsed))} s left`,
    );
  }
  return parts.join('  ');
}

function bar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * barWidth);
  return `[${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}]`;
}

/** How it ended, and why. */
export function closingLines({ outcome, failure }: Pick<ExperimentDetail, 'outcome' | 'failure'>): string[] {
  const lines = outcome ? [`  ${outcome}`] : [];
  if (failure) {
    lines.push(`  failed while ${failure.phase} (${failure.code}): ${failure.message}`);
    for (const { severity, summary, address } of failure.diagnostics) {
      lines.push(`    ${severity}: ${summary}${address ? ` (${address})` : ''}`);
    }
  }
  return lines;
}

/** What changed, for an output that cannot be redrawn: equal for as long as nothing did. */
export function experimentStep(detail: ExperimentDetail): string {
  return stepText(detail.name, detail, detail.outcome);
}

/** What changed in a comparison, a line a variant, for an output that cannot be redrawn. */
export function comparisonSteps(detail: ComparisonDetail): string[] {
  return detail.variants.map((variant) =>
    variant.state === 'running' ? stepText(variant.name, variant, null) : `${variant.name}: ${variant.state}`,
  );
}

function stepText(
  name: string,
  { phase, queuePosition, operator }: Activity,
  outcome: string | null,
): string {
  if (outcome && phase === 'closed') return `${name}: ${outcome}`;
  if (phase === 'queued' && queuePosition) return `${name}: queued, number ${queuePosition} in line`;
  if (phase === 'needs-operator' && operator) return `${name}: needs-operator: ${operator.reason}`;
  return `${name}: ${phase ?? 'starting'}`;
}
