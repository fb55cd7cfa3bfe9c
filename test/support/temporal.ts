import { join } from 'node:path';
import { ApplicationFailure, Context } from '@temporalio/activity';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { projectRoot, readConfig } from '../../src/config.ts';
import { controlTaskQueue, searchAttributes } from '../../src/contracts/temporal/names.ts';
import { handsOverAtOnce } from '../../src/stack/processes/temporal.ts';
import { toolPaths } from '../../src/stack/setup/tools.ts';
import { failureInterceptor } from '../../src/temporal/failure-interceptor.ts';
import { workflowBundle } from '../../src/temporal/workflow-bundle.ts';
import { until } from './until.ts';

const logger = new DefaultLogger('ERROR');
Runtime.install({ logger });
let bundle: Promise<WorkflowBundle> | undefined;

/** Our workflows, as a worker runs them. */
export async function ourWorkflows(): Promise<WorkflowBundle> {
  bundle ??= workflowBundle(projectRoot, join(readConfig().tools, 'workflows'), logger);
  return await bundle;
}

/** A real Temporal dev server of this test's own, with our search attributes, in memory. */
export async function startTemporal(): Promise<TestWorkflowEnvironment> {
  const attributes = Object.entries(searchAttributes).flatMap(([name, type]) => [
    '--search-attribute',
    `${name}=${type}`,
  ]);
  const environment = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: toolPaths(readConfig()).temporal },
      extraArgs: [...attributes, ...handsOverAtOnce],
      log: { format: 'pretty', level: 'error' },
    },
  });
  const teardown = environment.teardown.bind(environment);
  environment.teardown = async () => {
    await controlWorkers.get(environment)?.end();
    await teardown();
  };
  return environment;
}

/**
 * The control worker of an environment. Starting one costs most of what a test of a workflow does, so one serves all
 * tests of a file, each with activities of its own.
 */
class ControlWorker {
  private activities: object | null = null;
  private readonly worker: Worker;
  private readonly ended: Promise<void>;

  private constructor(worker: Worker, ended: Promise<void>) {
    this.worker = worker;
    this.ended = ended;
  }

  static async start(environment: TestWorkflowEnvironment): Promise<ControlWorker> {
    const worker = await Worker.create({
      connection: environment.nativeConnection,
      taskQueue: controlTaskQueue,
      workflowBundle: await ourWorkflows(),
      // Temporal's name for what runs activities that have no function of their own.
      activities: { default: (...input: unknown[]) => started.perform(input) },
      interceptors: { activity: [failureInterceptor] },
      maxHeartbeatThrottleInterval: '200 milliseconds',
    });
    const started = new ControlWorker(worker, worker.run());
    return started;
  }

  /** Polls with these activities until `run` has ended. */
  async during<T>(activities: object, run: () => Promise<T>): Promise<T> {
    this.activities = activities;
    try {
      const broken = this.ended.then(() => Promise.reject(new Error('the control worker has ended')));
      return await Promise.race([run(), broken]);
    } finally {
      this.activities = null;
    }
  }

  async end(): Promise<void> {
    this.worker.shutdown();
    await this.ended;
  }

  /** A task that is left from an earlier test waits for the next. */
  private async perform(input: unknown[]): Promise<unknown> {
    const { activityType } = Context.current().info;
    const activities = await until('activities', () => this.activities);
    const activity = (activities as Record<string, (...input: unknown[]) => unknown>)[activityType];
    if (!activity) throw ApplicationFailure.nonRetryable(`no activity is named ${activityType}`);
    return await activity(...input);
  }
}

const controlWorkers = new WeakMap<TestWorkflowEnvironment, ControlWorker>();

/** A control worker on the environment's server performs the given activities until `run` has ended. */
export async function withControlWorker<T>(
  environment: TestWorkflowEnvironment,
  activities: object,
  run: () => Promise<T>,
): Promise<T> {
  const worker = controlWorkers.get(environment) ?? (await ControlWorker.start(environment));
  controlWorkers.set(environment, worker);
  return await worker.during(activities, run);
}
