import {
  Client,
  type Connection,
  QueryNotRegisteredError,
  QueryRejectedError,
  type ScheduleClient,
  ScheduleNotFoundError,
  type WorkflowClient,
  type WorkflowClientInterceptor,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import { comparisonInWords, experimentInWords, type WorkInWords } from '../../contracts/temporal/in-words.ts';
import {
  controlTaskQueue,
  messageNames,
  reaperScheduleId,
  runQueueId,
  searchAttributeNames,
  workflowTypes,
} from '../../contracts/temporal/names.ts';
import { askUpdate, type UpdateAnswer } from './ask-update.ts';
import { forgetWorkflow } from './forget-workflow.ts';
import { type Heartbeat, mergeLiveStats, terraformProgressOf } from './live-stats.ts';
import { type HistoryEvent, hasFailed, pendingWork } from './pending.ts';
import {
  type DescribedWorkflow,
  type StartRequest,
  type TemporalGateway,
  TemporalUnavailable,
  type WorkflowKind,
  type WorkflowView,
} from './temporal-gateway.ts';
import { attributeKeys, decode, viewOf } from './workflow-view.ts';

/** Long enough for a busy server, short enough for a person who waits. */
const callTimeoutMs = 5_000;
/** A query waits for a worker, and there may be none. */
const queryTimeoutMs = 1_500;
/** Ten thousand take a second or two. */
const listTimeoutMs = 20_000;
/** Destroying a stream takes half a minute, and there may be several. */
const reapTimeoutMs = 15 * 60_000;
const checkTimeoutMs = 1_000;
/** Temporal's own limit. */
const mostPerPage = 1_000;
const beyondQueue = `(${searchAttributeNames.phase} IS NULL OR ${searchAttributeNames.phase} != 'queued')`;

/** The gateway over a connection, which may be lazy. */
export class TemporalClient implements TemporalGateway {
  private readonly connection: Connection;
  private readonly namespace: string;
  private readonly workflow: WorkflowClient;
  private readonly schedule: ScheduleClient;

  constructor(connection: Connection, namespace: string, interceptors: WorkflowClientInterceptor[] = []) {
    this.connection = connection;
    this.namespace = namespace;
    const { workflow, schedule } = new Client({
      connection,
      namespace,
      interceptors: { workflow: interceptors },
    });
    this.workflow = workflow;
    this.schedule = schedule;
  }

  async start({ kind, id, input, name, attributes }: StartRequest): Promise<'started' | 'exists'> {
    const pairs: SearchAttributePair[] = attributes
      ? [
          { key: attributeKeys.technology, value: attributes.technology },
          { key: attributeKeys.target, value: attributes.target },
          { key: attributeKeys.phase, value: 'queued' },
          { key: attributeKeys.needsOperator, value: false },
        ]
      : [];
    try {
      await this.call(() =>
        this.workflow.start(workflowTypes[kind], {
          workflowId: id,
          taskQueue: controlTaskQueue,
          args: [input],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          typedSearchAttributes: pairs,
          memo: { name },
          ...inWords(kind, input),
        }),
      );
      return 'started';
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 'exists';
      throw error;
    }
  }

  async describe(id: string): Promise<DescribedWorkflow | null> {
    try {
      const description = await this.call(() => this.workflow.getHandle(id).describe());
      const pending = description.raw.pendingActivities ?? [];
      const heartbeats = pending.flatMap(({ activityType, heartbeatDetails }): Heartbeat[] => {
        const details = decode(heartbeatDetails?.payloads?.[0]);
        return details === undefined ? [] : [{ activityType: activityType?.name ?? '', details }];
      });
      const seen = viewOf(description);
      const history = hasFailed(description.raw) ? await this.lastEvents(seen) : [];
      return {
        ...seen,
        live: mergeLiveStats(heartbeats),
        terraform: terraformProgressOf(heartbeats),
        pending: pendingWork(description.raw, history),
      };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  }

  async progress(id: string): Promise<unknown> {
    try {
      return await this.query(id, messageNames.progress);
    } catch {
      // No worker, no such workflow or no server: all of them mean that there is no answer now.
      return null;
    }
  }

  async queue(target: string): Promise<unknown> {
    try {
      return await this.query(runQueueId(target), messageNames.queue);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  }

  async input({ id, runId }: WorkflowView): Promise<unknown> {
    const { history } = await this.call(() =>
      this.workflow.workflowService.getWorkflowExecutionHistory({
        namespace: this.namespace,
        execution: { workflowId: id, runId },
        maximumPageSize: 1,
      }),
    );
    return decode(history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]);
  }

  async cancel(id: string, reason: string | null, by: string | null): Promise<boolean> {
    const payload = { ...(reason && { reason }), ...(by && { by }) };
    try {
      await this.call(() =>
        this.workflow.getHandle(id).signal(messageNames.cancel, ...(reason || by ? [payload] : [])),
      );
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  retryDestroy(id: string, breakLock: string | null): Promise<UpdateAnswer<unknown>> {
    const payload = breakLock ? { breakLock } : {};
    return this.call(() => askUpdate(this.workflow, id, messageNames.retryDestroy, payload));
  }

  extend(id: string, minutes: number): Promise<UpdateAnswer<unknown>> {
    return this.call(() => askUpdate(this.workflow, id, messageNames.extend, { minutes }));
  }

  forget(id: string): Promise<boolean> {
    return this.call(() => forgetWorkflow(this.workflow, this.namespace, id));
  }

  reap(id: string, dryRun: boolean): Promise<unknown> {
    return this.call(
      () =>
        this.workflow.execute(workflowTypes.reaper, {
          workflowId: `reap-${id}`,
          taskQueue: controlTaskQueue,
          args: [{ dryRun }],
        }),
      reapTimeoutMs,
    );
  }

  async nextReap(): Promise<Date | null> {
    try {
      const { state, info } = await this.call(() => this.schedule.getHandle(reaperScheduleId).describe());
      return state.paused ? null : (info.nextActionTimes[0] ?? null);
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return null;
      throw error;
    }
  }

  listOpen(kind: WorkflowKind): Promise<WorkflowView[]> {
    return this.listSome(`WorkflowType = '${workflowTypes[kind]}' AND ExecutionStatus = 'Running'`);
  }

  async listChanged(kind: WorkflowKind, since: Date): Promise<WorkflowView[]> {
    const type = `WorkflowType = '${workflowTypes[kind]}'`;
    const running = `${type} AND ExecutionStatus = 'Running'`;
    const time = `'${since.toISOString()}'`;
    const lists = await Promise.all([
      this.listSome(`${running} AND ${beyondQueue}`),
      this.listSome(`${running} AND StartTime >= ${time}`),
      // A run that has continued as new has not ended.
      this.listSome(
        `${type} AND CloseTime >= ${time} AND ExecutionStatus != 'Running' AND ExecutionStatus != 'ContinuedAsNew'`,
      ),
    ]);
    return lists.flat();
  }

  async listSuspects(limit: number): Promise<WorkflowView[]> {
    const types = Object.values(workflowTypes).map((type) => `'${type}'`);
    const open = `WorkflowType IN (${types.join(', ')}) AND ExecutionStatus = 'Running'`;
    const queries = [`${open} AND TemporalReportedProblems IS NOT NULL`, `${open} AND ${beyondQueue}`, open];
    const answers = await Promise.all(
      queries.map((query, index) =>
        // Servers before 1.30 do not know of reported problems.
        this.listSome(query, limit).catch((error) => (index === 0 ? [] : Promise.reject(error))),
      ),
    );
    return [...new Map(answers.flat().map((one) => [one.id, one])).values()].slice(0, limit);
  }

  async namespaceId(): Promise<string> {
    const { namespace } = this;
    const { namespaceInfo } = await this.call(() =>
      this.workflow.workflowService.describeNamespace({ namespace }),
    );
    return namespaceInfo?.id ?? '';
  }

  async check(): Promise<void> {
    await this.call(
      () => this.workflow.workflowService.describeNamespace({ namespace: this.namespace }),
      checkTimeoutMs,
    );
  }

  private listSome(query: string, limit = Number.POSITIVE_INFINITY): Promise<WorkflowView[]> {
    return this.call(async () => {
      const views: WorkflowView[] = [];
      for await (const info of this.workflow.list({ query, pageSize: Math.min(limit, mostPerPage) })) {
        views.push(viewOf(info));
        if (views.length >= limit) break;
      }
      return views;
    }, listTimeoutMs);
  }

  /** The end of a history, newest first. */
  private async lastEvents({ id, runId }: WorkflowView): Promise<HistoryEvent[]> {
    const { history } = await this.call(() =>
      this.workflow.workflowService.getWorkflowExecutionHistoryReverse({
        namespace: this.namespace,
        execution: { workflowId: id, runId },
        maximumPageSize: 100,
      }),
    );
    return history?.events ?? [];
  }

  private query(id: string, name: string): Promise<unknown> {
    return this.call(() => this.workflow.getHandle(id).query(name), queryTimeoutMs);
  }

  /** Runs calls against a deadline, and says `TemporalUnavailable` for whatever the server did not decide itself. */
  private async call<T>(run: () => Promise<T>, timeoutMs = callTimeoutMs): Promise<T> {
    try {
      return await this.connection.withDeadline(Date.now() + timeoutMs, run);
    } catch (error) {
      if (isDecision(error)) throw error;
      throw new TemporalUnavailable(`Temporal does not answer: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
}

/** What was accepted, as the Web UI shows it. */
function inWords(kind: WorkflowKind, input: unknown): WorkInWords {
  const { spec } = input as { spec: never };
  return kind === 'experiment' ? experimentInWords(spec) : comparisonInWords(spec);
}

/** Whether the server itself has answered, as against not having been reached. */
function isDecision(error: unknown): boolean {
  return (
    error instanceof WorkflowNotFoundError ||
    error instanceof ScheduleNotFoundError ||
    error instanceof WorkflowExecutionAlreadyStartedError ||
    error instanceof WorkflowUpdateFailedError ||
    error instanceof QueryNotRegisteredError ||
    error instanceof QueryRejectedError
  );
}
