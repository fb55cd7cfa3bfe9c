import { expect, test } from '@jest/globals';
import { mergeLiveStats, terraformProgressOf } from '../../../src/api/sources/live-stats.ts';
import { liveStats } from '../../support/documents.ts';

const beat = (activityType: string, details: unknown) => ({ activityType, details });

test('nothing is shown while no load activity reports', () => {
  expect(mergeLiveStats([])).toBeNull();
  expect(mergeLiveStats([beat('provision', liveStats()), beat('produce', { nonsense: 1 })])).toBeNull();
});

test('one that reports both sides is shown as it is', () => {
  expect(mergeLiveStats([beat('openSession', liveStats())])).toEqual(liveStats());
});

test('a producer and a consumer that both report the whole do not count twice', () => {
  expect(mergeLiveStats([beat('produce', liveStats()), beat('consume', liveStats())])).toEqual(liveStats());
});

test('a producer and a consumer that report only their own side complete each other', () => {
  const produced = liveStats({ consumedPerSecond: 0, received: 0, backlog: 5_000, endToEndP99Ms: null });
  const consumed = liveStats({ producedPerSecond: 0, acknowledged: 0, backlog: 0, publishP99Ms: null });
  expect(mergeLiveStats([beat('produce', produced), beat('consume', consumed)])).toEqual(liveStats());
});

test('generators add up, and of their percentiles the worst is shown', () => {
  const slower = liveStats({ publishP99Ms: 8, endToEndP99Ms: 40, secondsElapsed: 4 });
  expect(mergeLiveStats([beat('produce', liveStats()), beat('produce', slower)])).toEqual(
    liveStats({
      producedPerSecond: 2_000,
      consumedPerSecond: 1_980,
      acknowledged: 10_000,
      received: 9_900,
      backlog: 100,
      publishP99Ms: 8,
      endToEndP99Ms: 40,
    }),
  );
});

test('of a terraform, what it is about is shown; of one that an earlier release waits for, nothing', () => {
  const resources = [
    { address: 'a.b', state: 'working', startedAt: '2026-11-27T12:00:00.000Z', endedAt: null },
  ];
  const told = { terraform: 'apply', run: 1, command: 'apply', resources, lastMessage: 'Creating...' };
  expect(terraformProgressOf([beat('provision', told)])).toEqual({ command: 'apply', resources });
  expect(terraformProgressOf([beat('produce', told)])).toBeNull();
  expect(terraformProgressOf([beat('destroy', { command: 'destroy', inFlight: ['a.b'] })])).toBeNull();
});
