import { expect, test } from '@jest/globals';
import { clockIdentity } from '../../../loadgen/measure/clock.ts';
import { Exchange } from '../../../loadgen/session/exchange.ts';
import { onOneClock } from '../../../loadgen/session/one-clock.ts';
import { workloadSchema } from '../../../src/contracts/input/workload.ts';
import { memoryStore } from '../../support/memory-store.ts';

const workload = workloadSchema.parse({
  load: { shape: 'constant', messagesPerSecond: 10 },
  generators: 3,
  producers: 3,
  consumers: 3,
});

function together(clocks: string[]): Promise<PromiseSettledResult<void>[]> {
  const store = memoryStore();
  return Promise.allSettled(
    clocks.map((clock, generator) => {
      const exchange = new Exchange(
        store,
        {
          experimentId: 'e',
          runId: 'r',
          session: 1,
          generator,
          technology: 'kafka',
          settings: {},
          endpoint: null,
          workload,
          producers: [generator],
          consumers: [generator],
        },
        () => {},
      );
      return onOneClock(exchange, clock, new AbortController().signal, 5_000);
    }),
  );
}

test('load generators of one host agree', async () => {
  const own = clockIdentity();
  expect(own).toBe(clockIdentity());
  expect((await together([own, own, own])).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
});

test('each refuses to measure where one is on another host, before anything is measured', async () => {
  const all = await together(['this', 'this', 'that']);
  for (const one of all) {
    expect(one).toMatchObject({
      status: 'rejected',
      reason: {
        type: 'clocks-differ',
        message: expect.stringMatching(/^the 3 load generators run on 2 hosts, each with a clock of its own/),
      },
    });
  }
});
