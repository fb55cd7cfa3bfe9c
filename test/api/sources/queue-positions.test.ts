import { expect, test } from '@jest/globals';
import { QueuePositions } from '../../../src/api/sources/queue-positions.ts';
import { TemporalUnavailable } from '../../../src/api/sources/temporal-gateway.ts';
import { FakeGateway } from '../support/fake-gateway.ts';

const now = () => new Date('2026-11-24T13:00:00.000Z');
const since = '2026-11-24T12:00:00.000Z';
const answer = {
  target: 'local',
  capacity: 1,
  running: [{ experimentId: 'a', since }],
  waiting: ['b', 'c'].map((experimentId) => ({ experimentId, since })),
};

test('many that ask at once cost one query', async () => {
  let queries = 0;
  const positions = new QueuePositions(
    {
      async queue() {
        queries += 1;
        return answer;
      },
      describe: async () => null,
    },
    now,
  );
  const ids = ['a', 'b', 'c', 'd'];
  const places = await Promise.all(ids.map((id) => positions.of('local', id)));
  expect(places).toEqual([null, 1, 2, null].map((position) => ({ position, stuck: null })));
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
  const positions = new QueuePositions({ queue, describe: async () => null }, now);
  expect(await positions.of('local', 'b')).toEqual({ position: null, stuck: null });
});

test('a queue that waits itself says so, also where no worker answers for it', async () => {
  const gateway = new FakeGateway();
  const since = new Date('2026-11-24T12:00:00.000Z');
  const task = { attempt: 1, since, started: false, lastFailure: null };
  gateway.add('run-queue-local', { type: 'runQueue', pending: { activities: [], task, paused: null } });
  const positions = new QueuePositions(gateway, now);
  gateway.queue = () => Promise.reject(new TemporalUnavailable('no worker'));
  expect(await positions.of('local', 'b')).toMatchObject({
    position: null,
    stuck: { kind: 'worker', for: 'a worker, for its next step' },
  });
});
