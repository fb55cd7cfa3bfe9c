import { isLateNow } from '../../analysis/lateness.ts';
import { failureCause } from '../../analysis/report/failure-cause.ts';
import { formatDuration, formatMs, formatRate } from '../../analysis/report/format.ts';
import type { ComparisonDetail, ExperimentDetail } from '../../contracts/documents/api.ts';
import type { Wait } from '../../contracts/documents/progress.ts';

/** What of an experiment is shown while it runs; a running variant of a comparison has the same fields. */
export type Activity = Pick<ExperimentDetail, 'queuePosition' | 'operator' | 'progress'> &
  Partial<Pick<ExperimentDetail, 'keptUntil'>> & {
    phase: ExperimentDetail['phase'] | null;
    timeline: ExperimentDetail['timeline'] | null;
  };

const barWidth = 20;

/** Lines for a terminal: name, phase, rate, p99, a bar for the time left. */
export function experimentLines(detail: ExperimentDetail, now: Date): string[] {
  const name = detail.emulated ? `${detail.name} (EMULATED)` : detail.name;
  const closing = closingLines(detail);
  const doing = closing.length > 0 ? closing : [`  ${activityText(detail, now)}`];
  return [`${name}  ${detail.id}`, ...doing, ...waitingLines(detail.waits.filter(isUntold), now)];
}

/** Whether the line of what it does has not said so already. */
function isUntold({ kind }: Wait): boolean {
  return kind !== 'slot' && kind !== 'operator';
}

/** What something waits for, why, and since when. */
export function waitingLines(waits: readonly Wait[], now: Date): string[] {
  return waits.flatMap(({ for: what, since, attempt, reason, nextAttemptAt, hint }) => {
    const facts = [
      `for ${formatDuration(now.getTime() - Date.parse(since))}`,
      ...(attempt > 1 ? [`try ${attempt}`] : []),
      ...(nextAttemptAt
        ? [`the next in ${formatDuration(Math.max(0, Date.parse(nextAttemptAt) - now.getTime()))}`]
        : []),
    ].join(', ');
    return [`  waits: ${what} (${facts}): ${reason}`, ...(hint ? [`    ${hint}`] : [])];
  });
}

/** Lines for a terminal: one a variant. */
export function comparisonLines(detail: ComparisonDetail, now: Date): string[] {
  const width = Math.max(0, ...detail.variants.map(({ name }) => name.length));
  const inOrder = detail.variants.toSorted((a, b) => (a.variant ?? 0) - (b.variant ?? 0));
  const variants = [...Map.groupBy(inOrder, ({ name }) => name).values()].flatMap((runs) => {
    const state = stateOfRuns(runs);
    const line = `  ${marks[state]} ${(runs[0]?.name ?? '').padEnd(width)}  ${doingOfRuns(runs, state, now)}`;
    const waits = runs.flatMap((run) => waitingLines((run.waits ?? []).filter(isUntold), now));
    return [line, ...waits.map((one) => `  ${one}`)];
  });
  return [
    `${detail.name}  ${detail.id}`,
    ...variants,
    ...closingLines(detail),
    ...waitingLines(detail.waits, now),
  ];
}

type VariantRun = ComparisonDetail['variants'][number];

/** What the runs of a variant come to: what goes on before what is over, and what went wrong before what did not. */
function stateOfRuns(runs: readonly VariantRun[]): VariantRun['state'] {
  const order = ['running', 'needs-operator', 'waiting', 'failed', 'cancelled'] as const;
  const isPart = runs.some(({ state }) => state === 'completed');
  const found = order.find((state) => runs.some((run) => run.state === state)) ?? 'completed';
  return found === 'waiting' && isPart ? 'running' : found;
}

function doingOfRuns(runs: readonly VariantRun[], state: VariantRun['state'], now: Date): string {
  const open = runs.find(isOpen);
  const doing = open?.phase ? activityText(open, now) : (open?.state ?? null);
  if (runs.length === 1) return doing ?? state;
  const counts = (['completed', 'failed', 'cancelled'] as const).flatMap((one) => {
    const count = runs.filter((run) => run.state === one).length;
    return count > 0 ? [`${count} ${one}`] : [];
  });
  const all = `${counts.join(', ') || 'none yet'} of ${runs.length}`;
  return open && doing ? `${all}; number ${open.repetition}: ${doing}` : all;
}

const marks = {
  waiting: '·',
  running: '▶',
  'needs-operator': '!',
  completed: '✔',
  failed: '✖',
  cancelled: '■',
};

/** What is going on, in one line. */
export function activityText(activity: Activity, now: Date, { withBar = true } = {}): string {
  const { phase, queuePosition, operator, progress, keptUntil } = activity;
  if (phase === null) return 'starting';
  if (phase === 'queued' && queuePosition) return `queued, number ${queuePosition} in line`;
  if (phase === 'needs-operator' && operator) return `needs-operator: ${operator.reason}`;
  if (phase === 'kept' && keptUntil) return keptText(keptUntil);
  if (phase === 'closed') return 'closed';
  const since = activity.timeline?.findLast((entry) => entry.phase === phase)?.startedAt;
  // The first look at a phase may still have the figures of the one before.
  if (!progress || (since && progress.atEpochMs < Date.parse(since))) {
    return since ? `${phase} for ${formatDuration(now.getTime() - Date.parse(since))}` : phase;
  }
  const { producedPerSecond, consumedPerSecond, endToEndP99Ms, secondsElapsed, secondsTotal } = progress;
  const { probe, intendedPerSecond } = progress;
  const parts = [
    probe === null ? phase : `probe ${probe} at ${formatRate(intendedPerSecond)}/s`,
    `produced ${formatRate(producedPerSecond)}/s`,
    `consumed ${formatRate(consumedPerSecond)}/s`,
    `p99 ${formatMs(endToEndP99Ms)} ms`,
    ...(isLateNow(progress) ? [`! load generator ${formatMs(progress.ownLatenessP99Ms)} ms late`] : []),
  ];
  if (secondsTotal > 0) {
    const leftSeconds = Math.max(0, Math.ceil(secondsTotal - secondsElapsed));
    // A warm-up that has lasted its least goes on for nobody knows how long.
    const left =
      phase === 'warming-up' && leftSeconds === 0
        ? `${Math.round(secondsElapsed)} s, until it is level`
        : `${leftSeconds} s left`;
    parts.push(withBar ? `${bar(secondsElapsed / secondsTotal)} ${left}` : left);
  }
  return parts.join('  ');
}

/** Until when: what it measured can be read by then. */
function keptText(until: string): string {
  return `kept until ${until.slice(0, 16).replace('T', ' ')} UTC, to look inside`;
}

function bar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * barWidth);
  return `[${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}]`;
}

/** How it ended, and why. */
export function closingLines({
  id,
  outcome,
  failure,
}: Pick<ExperimentDetail, 'id' | 'outcome' | 'failure'>): string[] {
  if (!failure) return outcome ? [`  ${outcome}`] : [];
  const cause = failureCause(failure);
  return [
    `  ${outcome ?? 'failing'} while ${failure.phase} (${failure.code}): ${failure.message}`,
    ...cause.map((line) => `    ${line}`),
    ...(cause.length > 0 ? [`    The whole of it: comparator log ${id}`] : []),
  ];
}

/** One thing that goes on by itself: an experiment, or a variant of a comparison. */
export interface Strand {
  /** Of its experiment. */
  id: string;
  name: string;
  activity: Activity;
  /** How it ended; null while it goes on. */
  ended: string | null;
}

/** What a comparison or an experiment is made of. */
export function strandsOf(detail: ExperimentDetail | ComparisonDetail): Strand[] {
  if (!('variants' in detail)) {
    return [{ id: detail.id, name: detail.name, activity: detail, ended: detail.outcome }];
  }
  const isRepeated = detail.variants.some(({ repetition }) => repetition > 1);
  return detail.variants
    .filter(({ state }) => state !== 'waiting')
    .map((variant) => ({
      id: variant.experimentId,
      name: isRepeated ? `${variant.name} #${variant.repetition}` : variant.name,
      activity: variant,
      ended: isOpen(variant) ? null : variant.state,
    }));
}

function isOpen({ state }: { state: string }): boolean {
  return state === 'running' || state === 'needs-operator';
}

/** The phases that a strand has been in, each as a line to be told once, however short it was. */
export function stepsOf({ activity, ended }: Strand): string[] {
  const { queuePosition, operator, phase, timeline, keptUntil } = activity;
  const steps = (timeline ?? []).map((entry) => entry.phase).filter((one) => one !== 'closed');
  const told: string[] = steps.map((step, index) => {
    const isLast = index === steps.length - 1;
    if (isLast && step === 'queued' && queuePosition) return `queued, number ${queuePosition} in line`;
    if (isLast && step === 'needs-operator' && operator) return `needs-operator: ${operator.reason}`;
    if (isLast && step === 'kept' && keptUntil) return keptText(keptUntil);
    return step;
  });
  if (told.length === 0 && !ended) told.push(phase ?? 'starting');
  return ended ? [...told, ended] : told;
}
