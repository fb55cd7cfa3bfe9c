import {
  type ActivityInterceptorsFactory,
  type NativeConnection,
  Worker,
  type WorkerOptions,
  type WorkflowBundle,
} from '@temporalio/worker';
import { controlTaskQueue, homeTaskQueue } from '../contracts/temporal/names.ts';
import { failureInterceptor } from './failure-interceptor.ts';
import { workerIdentity } from './home-witness.ts';
import { activityLog } from './watching/activity-log.ts';

/** One takes up what workflows go on with, and one what is new: whatever runs goes before what has yet to begin. */
const twoPollers = { type: 'simple-maximum', maximum: 2 } as const;

/** How much is done at once (`WorkerTuning` of the settings). */
interface Tuning {
  terraformsAtOnce: number;
  activitiesAtOnce: number;
  workflowTasksAtOnce: number;
  cachedWorkflows: number;
}

export interface WorkersOptions {
  connection: NativeConnection;
  namespace: string;
  /** Id of the home. */
  home: string;
  workflowBundle: WorkflowBundle;
  /** Which code this is: Temporal stamps it on what a worker of it has done. */
  buildId: string;
  tuning: Tuning;
  /** Beside the translation of errors; the first sees an activity first. */
  interceptors?: ActivityInterceptorsFactory[];
  /** Activities that need S3 and Temporal alone. */
  control: object;
  /** Activities that are bound to this machine; none of them may wait for anything but terraform. */
  bound: object;
}

/**
 * The two workers of a control worker process: of workflows, and of its home. Workflows that releases before 0.3.0 began
 * know of one queue only, so that the first does all activities.
 */
export async function createWorkers(options: WorkersOptions): Promise<Worker[]> {
  const { connection, namespace, home, workflowBundle, buildId, tuning, control, bound } = options;
  const common: Omit<WorkerOptions, 'taskQueue'> = {
    connection,
    namespace,
    identity: workerIdentity(home),
    interceptors: { activity: [...(options.interceptors ?? []), activityLog, failureInterceptor] },
    // It is told, and not used to send work to some versions only: an experiment may wait for a person for days, and the
    // next version is what helps it. What each may change is held by `patched()` and the golden histories.
    workerDeploymentOptions: {
      version: { deploymentName: 'comparator', buildId },
      useWorkerVersioning: false,
    },
    // A cancellation reaches an activity with the answer to a heartbeat, and the SDK holds heartbeats back for up to these:
    // measured, a cancel arrived after 14 s by default, and within 1 s so.
    maxHeartbeatThrottleInterval: '1 second',
    defaultHeartbeatThrottleInterval: '1 second',
    shutdownGraceTime: '3 seconds',
    shutdownForceTime: '20 seconds',
  };
  return [
    await Worker.create({
      ...common,
      taskQueue: controlTaskQueue,
      workflowBundle,
      activities: { ...control, ...bound },
      // Those that wait in line are many, and cheap to replay; by default there would be thousands, until memory ends.
      maxCachedWorkflows: tuning.cachedWorkflows,
      // All write to one database, and what is under way in greater numbers waits for each other, and keeps a start waiting:
      // with 50 starts a second the 99th percentile of a start was 640 ms by default, and is 100 ms so, at a higher rate.
      maxConcurrentWorkflowTaskExecutions: tuning.workflowTasksAtOnce,
      maxConcurrentActivityTaskExecutions: tuning.activitiesAtOnce,
      workflowTaskPollerBehavior: twoPollers,
      activityTaskPollerBehavior: twoPollers,
      // How long a workflow waits for a worker that was killed before another one takes it.
      stickyQueueScheduleToStartTimeout: '3 seconds',
    }),
    await Worker.create({
      ...common,
      taskQueue: homeTaskQueue(home),
      activities: bound,
      maxConcurrentActivityTaskExecutions: tuning.terraformsAtOnce,
    }),
  ];
}

/**
 * Runs workers until all have ended. When one ends, the others do: workflows without their home would wait.
 * @throws what the first that failed has failed with
 */
export async function runTogether(workers: readonly Worker[]): Promise<void> {
  const endAll = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const ended = await Promise.allSettled(workers.map((worker) => worker.run().finally(endAll)));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
