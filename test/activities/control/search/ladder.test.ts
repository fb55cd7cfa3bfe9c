import { expect, test } from '@jest/globals';
import { nextOfLoad } from '../../../../activities/control/search/ladder.ts';
import type { Probe } from '../../../../src/contracts/documents/progress.ts';
import type { Load } from '../../../../src/contracts/input/workload.ts';

const search = {
  startMessagesPerSecond: 1_000,
  maxMessagesPerSecond: 1_000_000,
  probeSeconds: 10,
  resolutionPercent: 20,
};

const tried = (messagesPerSecond: number, more: Partial<Probe> = {}): Probe => ({
  messagesPerSecond,
  seconds: 10,
  sustained: true,
  hold: false,
  reason: 'sustained',
  producedMessagesPerSecond: null,
  consumedMessagesPerSecond: null,
  backlogGrowthPerSecond: null,
  endToEndP99Ms: null,
  limited: null,
  ...more,
});

test('given rates come one after another, whatever became of those before', () => {
  const load: Load = { shape: 'ladder', ratesMessagesPerSecond: [500, 1_000], ...search };
  expect(nextOfLoad(load, [])).toEqual({ kind: 'rung', messagesPerSecond: 500 });
  expect(nextOfLoad(load, [tried(500, { rung: true, sustained: false })])).toEqual({
    kind: 'rung',
    messagesPerSecond: 1_000,
    restSeconds: 2,
  });
  expect(nextOfLoad(load, [tried(500, { rung: true }), tried(1_000, { rung: true })])).toEqual({
    kind: 'done',
    messagesPerSecond: null,
  });
});

test('shares come once the capacity has been held', () => {
  const load: Load = { shape: 'ladder', sharesPercent: [10, 75], ...search };
  expect(nextOfLoad(load, [tried(1_000)])).toMatchObject({ kind: 'probe', messagesPerSecond: 2_000 });
  const held = [tried(1_000), tried(5_432, { hold: true })];
  expect(nextOfLoad(load, held)).toMatchObject({ kind: 'rung', messagesPerSecond: 543.2 });
  expect(nextOfLoad(load, [...held, tried(543.2, { rung: true, sustained: false })])).toEqual({
    kind: 'rung',
    messagesPerSecond: 4_074,
    restSeconds: 2,
  });
});

test('a load of one schedule tries nothing', () => {
  expect(nextOfLoad({ shape: 'constant', messagesPerSecond: 1_000 }, [])).toBeNull();
});
