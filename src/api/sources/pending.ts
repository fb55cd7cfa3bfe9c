import type { WorkflowExecutionDescription } from '@temporalio/client';
import { homeOfTaskQueue } from '../../contracts/temporal/names.ts';
import type { PendingActivity, PendingWork, TaskFailure } from './temporal-gateway.ts';

type RawDescription = WorkflowExecutionDescription['raw'];
type RawActivity = NonNullable<RawDescription['pendingActivities']>[number];
type RawTime = NonNullable<RawActivity['scheduledTime']>;

/** What of an event in a history is read here. */
export interface HistoryEvent {
  eventTime?: RawTime | null;
  activityTaskScheduledEventAttributes?: { activityId?: string | null } | null;
  workflowTaskFailedEventAttributes?: { cause?: number | null; failure?: RawFailure | null } | null;
  workflowTaskTimedOutEventAttributes?: object | null;
}
interface RawFailure {
  message?: string | null;
  cause?: RawFailure | null;
}

/** Values of enums that the client has as types only. */
const activityStates: Record<number, PendingActivity['state']> = { 1: 'scheduled', 4: 'paused', 5: 'paused' };
const taskStarted = 2;
const nonDeterministic = 24;

/** Whether anything of it has failed, so that the end of the history says more. */
export function hasFailed({ pendingActivities, pendingWorkflowTask }: RawDescription): boolean {
  const attempts = [...(pendingActivities ?? []), pendingWorkflowTask].map((one) => one?.attempt ?? 0);
  return attempts.some((attempt) => attempt > 1);
}

/**
 * What is pending of a workflow.
 * @param history its last events, newest first; empty where they were not read
 */
export function pendingWork(raw: RawDescription, history: readonly HistoryEvent[]): PendingWork {
  const task = raw.pendingWorkflowTask;
  const pause = raw.workflowExtendedInfo?.pauseInfo;
  return {
    activities: (raw.pendingActivities ?? []).map((activity) => pendingActivity(activity, history)),
    task: task
      ? {
          attempt: task.attempt ?? 1,
          since: dateOf(task.originalScheduledTime ?? task.scheduledTime),
          started: task.state === taskStarted,
          lastFailure: (task.attempt ?? 1) > 1 ? taskFailure(history) : null,
        }
      : null,
    paused: pause ? { since: dateOf(pause.pausedTime), reason: pause.reason ?? '' } : null,
  };
}

function pendingActivity(raw: RawActivity, history: readonly HistoryEvent[]): PendingActivity {
  // Temporal moves the time of a pending activity on with each try; its event keeps the first.
  const asked = history.find(
    ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityId === raw.activityId,
  );
  return {
    type: raw.activityType?.name ?? 'unknown',
    attempt: raw.attempt ?? 1,
    state: raw.paused ? 'paused' : (activityStates[raw.state ?? 0] ?? 'started'),
    since: dateOf(asked?.eventTime ?? raw.scheduledTime),
    lastFailure: raw.lastFailure ? textOf(raw.lastFailure) : null,
    nextAttemptAt: dateOf(raw.nextAttemptScheduleTime),
    home: homeOfTaskQueue(raw.activityOptions?.taskQueue?.name ?? ''),
  };
}

/** Only the first of several failures in a row is in the history. */
function taskFailure(history: readonly HistoryEvent[]): TaskFailure | null {
  for (const { workflowTaskFailedEventAttributes: failed, workflowTaskTimedOutEventAttributes } of history) {
    if (workflowTaskTimedOutEventAttributes)
      return { message: 'no worker has answered in time', otherCode: false };
    if (!failed) continue;
    const message = failed.failure ? textOf(failed.failure) : 'the worker did not say why';
    return { message, otherCode: failed.cause === nonDeterministic || /\bTMPRL1100\b/.test(message) };
  }
  return null;
}

/** Its message, and that of what it comes from where that is another one. */
function textOf(failure: RawFailure): string {
  const messages: string[] = [];
  for (let one: RawFailure | null | undefined = failure; one; one = one.cause) {
    const message = one.message?.trim();
    if (message && !messages.some((earlier) => earlier.includes(message))) messages.push(message);
  }
  return messages.join(': ') || 'no message';
}

function dateOf(time: RawTime | null | undefined): Date | null {
  if (!time) return null;
  return new Date(Number(time.seconds ?? 0) * 1_000 + Math.floor((time.nanos ?? 0) / 1_000_000));
}
