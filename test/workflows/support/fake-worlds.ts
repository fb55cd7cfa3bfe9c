import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { workflowTypes } from '../../../src/contracts/temporal/names.ts';
import { startTemporal } from '../../support/temporal.ts';
import { FakeWorld } from './fake-world.ts';

/** What a file's tests of workflows work with: a server for all of them, and a world of its own for each. */
export interface Fake {
  readonly environment: TestWorkflowEnvironment;
  readonly world: FakeWorld;
}

/** Has the server started before a file's tests, and a new world made before each; both are there only in tests. */
export function fakeWorlds(): Fake {
  const fake: Partial<{ -readonly [Part in keyof Fake]: Fake[Part] }> = {};
  beforeAll(async () => {
    fake.environment = await startTemporal();
  });
  afterAll(async () => {
    await fake.environment?.teardown();
  });
  beforeEach(() => {
    fake.world = new FakeWorld(fake.environment as TestWorkflowEnvironment);
  });
  afterEach(async () => {
    await fake.world?.end();
    if (fake.environment) await endLeftovers(fake.environment);
  });
  return fake as Fake;
}

/** A test that failed half way would leave its slot taken, and every test after it waiting for that slot. */
async function endLeftovers({ client }: TestWorkflowEnvironment): Promise<void> {
  const open: WorkflowExecutionInfo[] = [];
  for await (const info of client.workflow.list({ query: 'ExecutionStatus = "Running"' })) open.push(info);
  if (open.every(({ type }) => type === workflowTypes.runQueue)) return;
  const ended = open.map(({ workflowId }) =>
    client.workflow.getHandle(workflowId).terminate('its test is over'),
  );
  await Promise.allSettled(ended);
}
