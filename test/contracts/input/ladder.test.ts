import { expect, test } from '@jest/globals';
import { expectedOfExperiment } from '../../../src/analysis/plan/expected-time.ts';
import { experimentSchema } from '../../../src/contracts/input/experiment.ts';
import {
  highestRateAsked,
  measuredSchedule,
  mostMessages,
  warmupMessagesPerSecond,
} from '../../../src/contracts/input/load/schedule.ts';
import { experimentDocument } from '../../support/documents.ts';

const ladder = (load: object, workload: object = {}) => ({
  ...experimentDocument,
  workload: { ...workload, load: { shape: 'ladder', ...load } },
});

function faults(document: unknown): string[] {
  const parsed = experimentSchema.safeParse(document);
  return (parsed.error?.issues ?? []).map(({ path, message }) => `/${path.join('/')}: ${message}`);
}

test('rungs are shares of the capacity unless rates are given', () => {
  const { workload } = experimentSchema.parse(ladder({}));
  expect(workload.load).toMatchObject({ sharesPercent: [10, 25, 50, 75, 90], startMessagesPerSecond: 1_000 });
  expect(highestRateAsked(workload)).toBeNull();
  expect(warmupMessagesPerSecond(workload)).toBe(1_000);
  const given = experimentSchema.parse(
    ladder({ ratesMessagesPerSecond: [500, 2_000] }, { durationSeconds: 30 }),
  );
  expect(given.workload.load).not.toHaveProperty('sharesPercent');
  expect(measuredSchedule(given.workload)).toEqual([
    { messagesPerSecond: 500, seconds: 30 },
    { messagesPerSecond: 2_000, seconds: 30 },
  ]);
  expect(highestRateAsked(given.workload)).toBe(2_000);
  expect(warmupMessagesPerSecond(given.workload)).toBe(500);
  expect(mostMessages(given.workload)).toBe(60_000);
});

test.each<[string, object, string]>([
  ['both', { ratesMessagesPerSecond: [1], sharesPercent: [10] }, '/workload/load/sharesPercent: contradicts'],
  ['no rung', { ratesMessagesPerSecond: [] }, '/workload/load/ratesMessagesPerSecond: '],
  ['a share of nothing', { sharesPercent: [0] }, '/workload/load/sharesPercent/0: '],
  ['a search that cannot go anywhere', { maxMessagesPerSecond: 10 }, '/workload/load/maxMessagesPerSecond: '],
  ['an unknown field', { rates: [1] }, '/workload/load: '],
])('%s is refused', (_, load, fault) => {
  expect(faults(ladder(load))[0]?.startsWith(fault)).toBe(true);
});

test('a second shows no backlog that grows', () => {
  const reason = (shape: string) =>
    `/workload/durationSeconds: must be at least 2 for a ${shape}: in less nothing shows whether a backlog grows`;
  expect(faults(ladder({}, { durationSeconds: 1 }))).toEqual([reason('ladder')]);
  expect(faults(ladder({}, { durationSeconds: 2 }))).toEqual([]);
  const search = { load: { shape: 'capacity-search' }, durationSeconds: 1 };
  expect(faults({ ...experimentDocument, workload: search })).toEqual([reason('capacity-search')]);
});

test('what it takes counts each rung', () => {
  const seconds = (load: object) =>
    expectedOfExperiment(experimentSchema.parse(ladder(load, { durationSeconds: 30 }))).seconds;
  const given = (rungs: number) => seconds({ ratesMessagesPerSecond: Array(rungs).fill(100) });
  expect(given(3) - given(1)).toBe(60);
  expect(seconds({ sharesPercent: [10, 50] })).toBeGreaterThan(given(2) + 30);
});
