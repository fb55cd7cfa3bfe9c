import { expect, test } from '@jest/globals';
import type { PendingActivity, PendingWork } from '../../../src/api/sources/temporal-gateway.ts';
import { waitingOf, waitsForPerson, waitsForTurn, waitsOfPending } from '../../../src/api/sources/waits.ts';
import { progress } from '../../support/documents.ts';

const now = new Date('2026-11-24T12:10:00.000Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const nothing: PendingWork = { activities: [], task: null, paused: null };
const activity = (given: Partial<PendingActivity> = {}): PendingActivity => ({
  type: 'provision',
  attempt: 1,
  state: 'started',
  since: ago(600),
  lastFailure: null,
  nextAttemptAt: null,
  home: null,
  ...given,
});
const task = (given: Partial<NonNullable<PendingWork['task']>> = {}) => ({
  attempt: 1,
  since: ago(600),
  started: false,
  lastFailure: null,
  ...given,
});

test.each<[string, PendingWork, string[]]>([
  ['nothing pending', nothing, []],
  ['an activity that runs', { ...nothing, activities: [activity()] }, []],
  ['one just asked for', { ...nothing, activities: [activity({ state: 'scheduled', since: ago(1) })] }, []],
  ['one that nobody takes', { ...nothing, activities: [activity({ state: 'scheduled' })] }, ['worker']],
  ['one that failed before', { ...nothing, activities: [activity({ attempt: 2 })] }, ['activity']],
  ['a paused one', { ...nothing, activities: [activity({ state: 'paused', attempt: 3 })] }, ['paused']],
  ['a step just due', { ...nothing, task: task({ since: ago(1) }) }, []],
  ['a step being taken', { ...nothing, task: task({ started: true }) }, []],
  ['a step that nobody takes', { ...nothing, task: task() }, ['worker']],
  ['a step that fails', { ...nothing, task: task({ attempt: 2, since: ago(1) }) }, ['workflow-task']],
  ['a paused workflow', { ...nothing, paused: { since: ago(5), reason: 'lunch' } }, ['paused']],
])('%s', (_, pending, kinds) => {
  expect(waitsOfPending(pending, now).map(({ kind }) => kind)).toEqual(kinds);
});

test('what waits for a home says for which', () => {
  const bound = activity({ state: 'scheduled', home: 'a1b2' });
  const [wait] = waitsOfPending({ ...nothing, activities: [bound] }, now);
  expect(wait).toMatchObject({ kind: 'worker', reason: expect.stringContaining('the home a1b2') });
  const [unbound] = waitsOfPending({ ...nothing, activities: [{ ...bound, home: null }] }, now);
  expect(unbound?.reason).toBe('no worker has taken it up');
});

test('a reason is one harmless line, and no page of it', () => {
  const lastFailure = `\u001b[31mno\nroom\u202e ${'x'.repeat(10_000)}`;
  const [wait] = waitsOfPending({ ...nothing, activities: [activity({ attempt: 2, lastFailure })] }, now);
  expect(wait?.reason).toMatch(/^ \[31mno room\\u202e x+…$/);
  expect(wait?.reason).toHaveLength(400);
});

test('its turn, and a person, are waits by its own account', () => {
  const queued = { queuePosition: 3, target: 'local', submittedAt: '2026-11-24T12:00:00.000Z' };
  expect(waitsForTurn(queued, null)).toMatchObject([
    { kind: 'slot', for: 'its turn on local: number 3 in line', since: '2026-11-24T12:00:00.000Z' },
  ]);
  const unknown = { ...queued, queuePosition: null };
  expect(waitsForTurn(unknown, null)).toEqual([]);
  const failing = activity({ type: 'findHolders', attempt: 7, lastFailure: 'Access Denied' });
  const [stuck = null] = waitsOfPending({ ...nothing, activities: [failing] }, now);
  const held = {
    kind: 'activity',
    for: 'its turn on local, while the run queue waits for the activity findHolders, tried again',
    attempt: 7,
    reason: 'Access Denied',
  };
  expect(waitsForTurn(unknown, stuck)).toMatchObject([held]);
  expect(waitingOf(waitsForTurn(queued, stuck))).toMatchObject({
    waiting: held,
    waits: [held, { kind: 'slot' }],
  });
  const operator = {
    reason: 'a lock is held',
    actions: ['Break it.'],
    attempts: 4,
    nextRetryAt: '2026-11-24T12:15:00.000Z',
  };
  expect(waitsForPerson(progress({ phase: 'needs-operator', operator }), now)).toMatchObject([
    {
      kind: 'operator',
      attempt: 4,
      reason: 'a lock is held',
      nextAttemptAt: '2026-11-24T12:15:00.000Z',
      hint: 'Break it.',
    },
  ]);
  expect(waitsForPerson(progress(), now)).toEqual([]);
});
