import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { projectRoot, readConfig } from '../../src/config.ts';
import { controlTaskQueue, searchAttributes } from '../../src/contracts/temporal/names.ts';
import { toolPaths } from '../../src/stack/setup/tools.ts';
import { workflowBundle } from '../../src/temporal/workflow-bundle.ts';

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
  return await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: toolPaths(readConfig()).temporal },
      extraArgs: attributes,
      log: { format: 'pretty', level: 'error' },
    },
  });
}

/** A control worker on the environment's server, with the given activities, polling until `run` has ended. */
export async function withControlWorker<T>(
  environment: TestWorkflowEnvironment,
  activities: object,
  run: () => Promise<T>,
): Promise<T> {
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: controlTaskQueue,
    workflowBundle: await ourWorkflows(),
    activities,
    maxHeartbeatThrottleInterval: '200 milliseconds',
  });
  return await worker.runUntil(run);
}
