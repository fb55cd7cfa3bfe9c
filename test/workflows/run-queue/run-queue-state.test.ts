import { expect, test } from '@jest/globals';
import {
  carriedOver,
  placeOf,
  positions,
  type QueueTickets,
  withGrants,
  withLearnt,
  withoutExperiment,
  withRequest,
} from '../../../workflows/run-queue/run-queue-state.ts';

const ticket = (experimentId: string, runId = 'run-1') => ({
  experimentId,
  runId,
  since: '2026-11-24T00:00:00.000Z',
});
const queue = (running: string[], waiting: string[], capacity = 1): QueueTickets => ({
  capacity,
  running: running.map((id) => ticket(id)),
  waiting: waiting.map((id) => ticket(id)),
});

test.each([
  ['an idle queue grants at once', queue([], ['a']), queue(['a'], [])],
  ['a full one grants nothing', queue(['a'], ['b']), queue(['a'], ['b'])],
  ['the longest waiter comes first', queue([], ['a', 'b', 'c'], 2), queue(['a', 'b'], ['c'], 2)],
  [
    'too many holders, after a terminated queue, are not added to',
    queue(['a', 'b'], ['c']),
    queue(['a', 'b'], ['c']),
  ],
])('%s', (_title, before, after) => {
  expect(withGrants(before)).toEqual(after);
});

test('asking again keeps the place', () => {
  expect(withRequest(queue(['a'], ['b', 'c']), ticket('b'))).toEqual(queue(['a'], ['b', 'c']));
});

test('one that was submitted earlier comes first, in whatever order they ask', () => {
  const since = (second: number) => new Date(Date.UTC(2026, 10, 24, 0, 0, second)).toISOString();
  const asked = [3, 1, 2].reduce(
    (before, second) => withRequest(before, { ...ticket(`e${second}`), since: since(second) }),
    queue(['a'], []),
  );
  expect(asked.waiting.map(({ experimentId }) => experimentId)).toEqual(['e1', 'e2', 'e3']);
});

test('a later run of the same experiment takes its slot over', () => {
  expect(withRequest(queue(['a'], []), ticket('a', 'run-2')).running).toEqual([ticket('a', 'run-2')]);
});

test('leaving works from a slot and from the line', () => {
  expect(withoutExperiment(queue(['a'], ['b']), 'a')).toEqual(queue([], ['b']));
  expect(withoutExperiment(queue(['a'], ['b']), 'b')).toEqual(queue(['a'], []));
});

test('leaving takes no place that a later run has taken over', () => {
  const before = queue(['a'], ['b']);
  expect(withoutExperiment(before, 'a', 'run-0')).toEqual(before);
  expect(withoutExperiment(before, 'b', 'run-0')).toEqual(before);
  expect(withoutExperiment(before, 'a', 'run-1')).toEqual(queue([], ['b']));
});

test('one that asks again having been submitted earlier moves up, and its run is the later one', () => {
  const early = { ...ticket('c', 'run-2'), since: '2026-11-23T00:00:00.000Z' };
  const { waiting } = withRequest(queue(['a'], ['b', 'c']), early);
  expect(waiting).toEqual([early, ticket('b')]);
  expect(withRequest(queue(['a'], ['b', 'c']), ticket('c', 'run-2')).waiting[1]).toEqual(
    ticket('c', 'run-2'),
  );
});

test('holders from an earlier queue are not also waiters, and who asked is known better than who is learnt', () => {
  const asked = queue([], ['a', 'b']);
  const learnt = withLearnt(asked, [ticket('b')], [ticket('a', 'run-0'), ticket('c'), ticket('b')]);
  expect(learnt).toEqual(queue(['b'], ['a', 'c']));
});

test('ten thousand places are carried over, the first ones', () => {
  const ids = Array.from({ length: 10_001 }, (_, index) => `e${index}`);
  const { running, waiting } = carriedOver(queue(['a'], ids));
  expect([running.length, waiting.length, waiting[0]?.experimentId]).toEqual([1, 10_000, 'e0']);
  expect(JSON.stringify(waiting).length).toBeLessThan(2_000_000);
});

test.each([
  ['a', { position: 0, runId: 'run-1' }],
  ['c', { position: 2, runId: 'run-1' }],
  ['d', null],
])('the place of %s', (experimentId, expected) => {
  expect(placeOf(queue(['a'], ['b', 'c']), experimentId)).toEqual(expected);
});

test('positions count from the slot', () => {
  expect(positions(queue(['a'], ['b', 'c']))).toEqual([
    { experimentId: 'a', position: 0 },
    { experimentId: 'b', position: 1 },
    { experimentId: 'c', position: 2 },
  ]);
});
