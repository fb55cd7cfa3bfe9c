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
      what: 'the workflow is paused',
      since: instant(paused.since),
      attempt: 1,
      reason: paused.reason ? shorten(paused.reason) : null,
      nextAttemptAt: null,
      hint: 'Unpause the workflow in Temporal.',
    });
  }
  if (task) waits.push(...waitsOfTask(task, now));
  return [...waits, ...activities.flatMap((activity) => waitOfActivity(activity, now) ?? [])];
}

/** What a wait for a person is, whoever tells of it. */
export const forPerson = {
  kind: 'operator',
  what: 'a person: its infrastructure could not be destroyed',
} as const;

/** That an experiment waits for a person, by its own account; empty where it does not. */
export function waitsForPerson({ phase, operator, timeline }: ExperimentProgress): Wait[] {
  if (phase !== 'needs-operator' || !operator) return [];
  return [
    {
      ...forPerson,
      since: timeline.findLast((entry) => entry.phase === phase)?.startedAt ?? null,
      attempt: operator.attempts,
      reason: shorten(operator.reason),
      nextAttemptAt: operator.nextRetryAt,
      hint: operator.actions[0] ?? null,
    },
  ];
}

/** That an experiment waits for its turn; empty where it is not known to be in the queue. */
export function waitsForTurn({
  queuePosition,
  target,
  submittedAt,
}: Pick<ExperimentDetail, 'queuePosition' | 'target' | 'submittedAt'>): Wait[] {
  if (!queuePosition) return [];
  return [
    {
      kind: 'slot',
      what: `its turn on ${target}: number ${queuePosition} in line`,
      since: submittedAt,
      attempt: 1,
      reason: null,
      nextAttemptAt: null,
      hint: null,
    },
  ];
}

/** Whether the code of a workflow fails, so that nothing of it goes on, not even a cancel. */
export function isFailingTask({ kind }: Wait): boolean {
  return kind === 'workflow-task';
}

function waitsOfTask(task: NonNullable<PendingWork['task']>, now: Date): Wait[] {
  const { attempt, since, started, lastFailure } = task;
  const wait = { since: instant(since), attempt, nextAttemptAt: null };
  if (attempt > 1) {
    const hint = lastFailure?.otherCode
      ? 'The workflow code that the worker runs is not the code that this workflow began with. Nothing is lost: start a version that knows both, or the earlier one, and it goes on by itself.'
      : 'Nothing is lost: the log of the worker says more, and once a worker without the fault runs, it goes on by itself.';
    const reason = lastFailure ? shorten(lastFailure.message) : null;
    return [{ ...wait, kind: 'workflow-task', what: 'the code of its workflow fails', reason, hint }];
  }
  if (started || !isOverdue(since, now)) return [];
  return [{ ...wait, kind: 'worker', what: 'a worker, for its next step', reason: null, hint: noWorker }];
}

function waitOfActivity(activity: PendingActivity, now: Date): Wait | null {
  const { type, attempt, state, since, lastFailure, nextAttemptAt, home } = activity;
  const wait = {
    since: instant(since),
    attempt,
    reason: lastFailure === null ? null : shorten(lastFailure),
    nextAttemptAt: instant(nextAttemptAt),
  };
  if (state === 'paused') {
    const hint = 'Unpause the activity in Temporal.';
    return { ...wait, kind: 'paused', what: `the activity ${type} is paused`, hint };
  }
  if (attempt > 1)
    return { ...wait, kind: 'activity', what: `the activity ${type}, tried again`, hint: null };
  if (state === 'started' || !isOverdue(since, now)) return null;
  const what = `a worker, for the activity ${type}`;
  if (home === null) return { ...wait, kind: 'worker', what, hint: noWorker };
  const reason = `It is bound to the home ${home}, whose worker does not run, or has as much in hand as it takes.`;
  return { ...wait, kind: 'worker', what, reason, hint: noWorker };
}

const noWorker = 'No worker takes it up: see that one runs (npm start), and what its log says.';

function isOverdue(since: Date | null, now: Date): boolean {
  return since !== null && now.getTime() - since.getTime() > takenUpWithinMs;
}

function instant(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}

/** One harmless line, and no page of it. */
function shorten(text: string): string {
  const line = harmless(text.slice(0, 2 * longestReason));
  return line.length > longestReason ? `${line.slice(0, longestReason - 1)}…` : line;
}
