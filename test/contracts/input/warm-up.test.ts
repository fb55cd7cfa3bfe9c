import { expect, test } from '@jest/globals';
import { expectedOfExperiment } from '../../../src/analysis/plan/expected-time.ts';
import { experimentSchema } from '../../../src/contracts/input/experiment.ts';
import { longestWarmupSeconds } from '../../../src/contracts/input/load/schedule.ts';
import { workloadSchema } from '../../../src/contracts/input/workload.ts';
import { experimentDocument } from '../../support/documents.ts';

const withWorkload = (workload: object) => ({
  ...experimentDocument,
  workload: { load: { shape: 'constant', messagesPerSecond: 1_000 }, ...workload },
});

test.each([
  [{}, 60],
  [{ warmupSeconds: 90 }, 90],
  [{ warmupSeconds: 0 }, 0],
  [{ warmupSeconds: 0, maxWarmupSeconds: 30 }, 30],
  [{ warmupSeconds: 5, maxWarmupSeconds: 5 }, 5],
])('a warm-up of %j lasts %i s at most', (workload, most) => {
  const { workload: filled } = experimentSchema.parse(withWorkload(workload));
  expect(filled.maxWarmupSeconds).toBe(most);
  expect(longestWarmupSeconds(filled)).toBe(most);
});

test.each([
  [
    { maxWarmupSeconds: 3 },
    '/workload/maxWarmupSeconds: must be at least warmupSeconds (5), which every warm-up lasts',
  ],
  [
    { warmupSeconds: 20, maxWarmupSeconds: 10 },
    '/workload/maxWarmupSeconds: must be at least warmupSeconds (20), which every warm-up lasts',
  ],
])('one of %j cannot be', (workload, fault) => {
  const { error } = experimentSchema.safeParse(withWorkload(workload));
  expect(error?.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`)).toEqual([fault]);
});

test('one that an earlier release accepted lasts as long as it did there', () => {
  const load = { shape: 'constant', messagesPerSecond: 1_000 };
  expect(longestWarmupSeconds(workloadSchema.parse({ load, warmupSeconds: 5 }))).toBe(5);
});

test.each([
  // The first look at a load that is level.
  [{}, 7],
  [{ warmupSeconds: 12 }, 12],
  [{ maxWarmupSeconds: 5 }, 5],
  [{ warmupSeconds: 0 }, 0],
  // Too few messages to tell anything by.
  [{ load: { shape: 'constant', messagesPerSecond: 1 } }, 5],
])('one of %j is expected to last %i s', (workload, seconds) => {
  const spec = (given: object) => experimentSchema.parse(withWorkload({ durationSeconds: 20, ...given }));
  const none = expectedOfExperiment(spec({ warmupSeconds: 0 })).seconds;
  expect(expectedOfExperiment(spec(workload)).seconds - none).toBe(seconds);
});
