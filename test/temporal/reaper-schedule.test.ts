import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { reaperScheduleId } from '../../src/contracts/temporal/names.ts';
import { scheduledInstallation, scheduleReaper } from '../../src/temporal/reaper-schedule.ts';
import { startTemporal } from '../support/temporal.ts';
import { until } from '../support/until.ts';

let temporal: TestWorkflowEnvironment;
beforeAll(async () => {
  temporal = await startTemporal();
});
afterAll(async () => {
  await temporal?.teardown();
});

const schedule = () => temporal.client.schedule.getHandle(reaperScheduleId);

const intervalMs = async () => (await schedule().describe()).spec.intervals?.[0]?.every;

test('a schedule of an earlier version is brought up to date, and stays paused where somebody paused it', async () => {
  expect(await scheduledInstallation(temporal.client)).toBeNull();
  await scheduleReaper(temporal.client, 'abcd');
  expect(await scheduledInstallation(temporal.client)).toBe('abcd');
  const wanted = await schedule().describe();

  await schedule().update((before) => ({
    ...before,
    spec: { intervals: [{ every: '3 hours' }] },
    action: { ...before.action, args: ['of an earlier version'] },
  }));
  // The server takes both up a moment later, and a pause before the update would be lost by it.
  await until('the update', async () => (await intervalMs()) === 3 * 3_600_000);
  await schedule().pause('by hand');
  await until('the schedule to be paused', async () => (await schedule().describe()).state.paused);
  await scheduleReaper(temporal.client, 'abcd');

  const now = await schedule().describe();
  expect(now.spec.intervals).toEqual(wanted.spec.intervals);
  expect(now.action.args).toEqual([{ dryRun: false }]);
  expect(now.memo).toEqual({ installation: 'abcd' });
  expect(now.state).toMatchObject({ paused: true, note: 'by hand' });
});

test("another installation's namespace is refused", async () => {
  await expect(scheduleReaper(temporal.client, 'other')).rejects.toThrow(
    "Temporal's namespace belongs to installation abcd, and the results bucket to other.",
  );
});
