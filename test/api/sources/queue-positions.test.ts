import { expect, test } from '@jest/globals';
import { QueuePositions } from '../../../src/api/sources/queue-positions.ts';
import { TemporalUnavailable } from '../../../src/api/sources/temporal-gateway.ts';

const since = '2026-11-24T12:00:00.000Z';
const answer = {
  target: 'local',
  capacity: 1,
  running: [{ experimentId: 'a', since }],
  waiting: ['b', 'c'].map((experimentId) => ({ experimentId, since })),
};

test('many that ask at once cost one query', async () => {
  let queries = 0;
  const positions = new QueuePositions({
    async queue() {
      queries += 1;
      return answer;
    },
  });
  const ids = ['a', 'b', 'c', 'd'];
  expect(await Promise.all(ids.map((id) => positions.of('local', id)))).toEqual([null, 1, 2, null]);
  expect(queries).toBe(1);
});

test.each([
  ['no queue runs', async () => null],
  [
    'Temporal is away',
    async () => {
      throw new TemporalUnavailable('away');
    },
  ],
])('where %s, no position is known', async (_title, queue) => {
  expect(await new QueuePositions({ queue }).of('local', 'b')).toBeNull();
});
