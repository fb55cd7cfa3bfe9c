import { expect, test } from '@jest/globals';
import {
  positions,
  type QueueTickets,
  withGrants,
  withHolders,
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

test('holders from an earlier queue are not also waiters', () => {
  expect(withHolders(queue([], ['a', 'b']), [ticket('b')])).toEqual(queue(['b'], ['a']));
});

test('positions count from the slot', () => {
  expect(positions(queue(['a'], ['b', 'c']))).toEqual([
    { experimentId: 'a', position: 0 },
    { experimentId: 'b', position: 1 },
    { experimentId: 'c', position: 2 },
  ]);
});
