import { harmless } from '../../analysis/report/harmless-text.ts';
import type { ExperimentDetail } from '../../contracts/documents/api.ts';
import type { ExperimentProgress, Wait } from '../../contracts/documents/progress.ts';
import type { PendingActivity, PendingWork } from './temporal-gateway.ts';

/** Work is taken up at once while a worker polls; below this it is no wait. */
const takenUpWithinMs = 10_000;
const longestReason = 400;

/** What a workflow waits for in Temporal's eyes; empty while all goes on. */
export function waitsOfPending({ activities, task, paused }: PendingWork, now: Date): Wait[] {
  const waits: Wait[] = [];
  if (paused) {
    waits.push({
      kind: 'paused',
      for: 'somebody to unpause the workflow',
      since: instant(paused.since ?? now),
      attempt: 1,
      reason: paused.reason ? shorten(paused.reason) : 'somebody has paused it',
      nextAttemptAt: null,
      hint: 'Unpause the workflow in Temporal.',
    });
  }
  if (task) waits.push(...waitsOfTask(task, now));
  return [...waits, ...activities.flatMap((activity) => waitOfActivity(activity, now) ?? [])];
}

/** That what needs an operator waits for a person; its own account says why. */
export function waitForPerson({ since, ...known }: Pick<Wait, 'since'> & Partial<Wait>): Wait {
  return {
    kind: 'operator',
    for: 'a person: its infrastructure could not be destroyed',
    since,
    attempt: 1,
    reason: 'its destroy has failed again and again',
    nextAttemptAt: null,
    hint: null,
    ...known,
  };
}

/** That an experiment waits for a person, by its own account; empty where it does not. */
export function waitsForPerson({ phase, operator, timeline }: ExperimentProgress, now: Date): Wait[] {
  if (phase !== 'needs-operator' || !operator) return [];
  const since = timeline.findLast((entry) => entry.phase === phase)?.startedAt ?? now.toISOString();
  return [
    waitForPerson({
      since,
      attempt: operator.attempts,
      reason: shorten(operator.reason),
      nextAttemptAt: operator.nextRetryAt,
      hint: operator.actions[0] ?? null,
    }),
  ];
}

/**
 * That an experiment waits for its turn; empty where it is not known to be in the queue.
 * @param stuck what the queue itself waits for
 */
export function waitsForTurn(
  { queuePosition, target, submittedAt }: Pick<ExperimentDetail, 'queuePosition' | 'target' | 'submittedAt'>,
  stuck: Wait | null,
): Wait[] {
  const waits: Wait[] = [];
  if (stuck)
    waits.push({ ...stuck, for: `its turn on ${target}, while the run queue waits for ${stuck.for}` });
  if (!queuePosition) return waits;
  waits.push({
    kind: 'slot',
    for: `its turn on ${target}: number ${queuePosition} in line`,
    since: submittedAt,
    attempt: 1,
    reason: 'experiments have turns there, so that none disturbs another',
    nextAttemptAt: null,
    hint: null,
  });
  return waits;
}

/** Which of several to look at first: what needs somebody before what ends by itself. */
const byUrgency: readonly Wait['kind'][] = [
  'operator',
  'workflow-task',
  'paused',
  'worker',
  'activity',
  'slot',
];

/** The waits of one thing as answers have them. */
export function waitingOf(waits: readonly Wait[]): { waiting: Wait | null; waits: Wait[] } {
  const sorted = waits.toSorted((one, other) => byUrgency.indexOf(one.kind) - byUrgency.indexOf(other.kind));
  return { waiting: sorted[0] ?? null, waits: sorted };
}

/** Whether the code of a workflow fails, so that nothing of it goes on, not even a cancel. */
export function isFailingTask({ kind }: Wait): boolean {
  return kind === 'workflow-task';
}

function waitsOfTask(task: NonNullable<PendingWork['task']>, now: Date): Wait[] {
  const { attempt, since, started, lastFailure } = task;
  const wait = { since: instant(since ?? now), attempt, nextAttemptAt: null };
  if (attempt > 1) {
    const hint = lastFailure?.otherCode
      ? 'The workflow code that the worker runs is not the code that this workflow began with. Nothing is lost: start a version that knows both, or the earlier one, and it goes on by itself.'
      : 'Nothing is lost: the log of the worker says more, and once a worker without the fault runs, it goes on by itself.';
    const reason = lastFailure ? shorten(lastFailure.message) : 'Temporal does not say what is wrong';
    return [
      { ...wait, kind: 'workflow-task', for: 'code that works: that of its workflow fails', reason, hint },
    ];
  }
  if (started || !isOverdue(since, now)) return [];
  return [
    { ...wait, kind: 'worker', for: 'a worker, for its next step', reason: noWorker, hint: startWorker },
  ];
}

function waitOfActivity(activity: PendingActivity, now: Date): Wait | null {
  const { type, attempt, state, since, lastFailure, nextAttemptAt, home } = activity;
  const wait = {
    since: instant(since ?? now),
    attempt,
    nextAttemptAt: nextAttemptAt && instant(nextAttemptAt),
  };
  const failure = lastFailure === null ? null : shorten(lastFailure);
  if (state === 'paused') {
    const hint = 'Unpause the activity in Temporal.';
    const reason = failure ?? 'somebody has paused it';
    return { ...wait, kind: 'paused', for: `somebody to unpause the activity ${type}`, reason, hint };
  }
  if (attempt > 1) {
    const reason = failure ?? 'its last try has failed, and Temporal does not say why';
    return { ...wait, kind: 'activity', for: `the activity ${type}, tried again`, reason, hint: null };
  }
  if (state === 'started' || !isOverdue(since, now)) return null;
  const what = `a worker, for the activity ${type}`;
  const reason =
    home === null
      ? noWorker
      : `it is bound to the home ${home}, whose worker does not run, or has as much in hand as it takes`;
  return { ...wait, kind: 'worker', for: what, reason, hint: startWorker };
}

const noWorker = 'no worker has taken it up';
const startWorker = 'See that a worker runs (npm start), and what its log says.';

function isOverdue(since: Date | null, now: Date): boolean {
  return since !== null && now.getTime() - since.getTime() > takenUpWithinMs;
}

function instant(date: Date): string {
  return date.toISOString();
}

/** One harmless line, and no page of it. */
function shorten(text: string): string {
  const line = harmless(text.slice(0, 2 * longestReason));
  return line.length > longestReason ? `${line.slice(0, longestReason - 1)}…` : line;
}
