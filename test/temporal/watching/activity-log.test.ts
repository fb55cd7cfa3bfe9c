import { expect, test } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { activityLog } from '../../../src/temporal/watching/activity-log.ts';
import { WorkerLogger } from '../../../src/temporal/watching/worker-logger.ts';

test('every line of an activity says of which experiment it is, and the last how long it took', async () => {
  const lines: { fields: Record<string, unknown>; message: string }[] = [];
  const logger = new WorkerLogger('INFO', (_level, fields, message) =>
    lines.push({ fields: fields as Record<string, unknown>, message }),
  );
  const environment = new MockActivityEnvironment({}, { interceptors: [activityLog], logger });
  await environment.run(
    async ({ experimentId }: { experimentId: string }) => Context.current().log.info(`at ${experimentId}`),
    { experimentId: 'exp-7' },
  );
  expect(lines.map(({ message }) => message)).toEqual(['at exp-7', 'activity done']);
  for (const { fields } of lines) {
    expect(fields).toMatchObject({ experiment: 'exp-7', run: expect.any(String), attempt: 1 });
    expect(fields).not.toHaveProperty('taskToken');
  }
  expect(lines[1]?.fields.ms).toEqual(expect.any(Number));
});

test('what is of no experiment says of none', async () => {
  const lines: Record<string, unknown>[] = [];
  const logger = new WorkerLogger('INFO', (_level, fields) => lines.push(fields as Record<string, unknown>));
  const environment = new MockActivityEnvironment({}, { interceptors: [activityLog], logger });
  await environment.run(async () => 'nothing');
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toHaveProperty('experiment');
});
