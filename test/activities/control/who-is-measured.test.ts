import { expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { createMeasuredNow } from '../../../activities/control/measured-now.ts';

const away = () => Promise.reject(new Error('deadline exceeded'));

/** What Temporal answers, on a clock that only the test moves. */
function world({ queue = away as () => Promise<unknown>, listed = null as string[] | null }) {
  const clock = { ms: 0 };
  const known = { listed };
  const client = {
    withDeadline: (_: number, look: () => Promise<unknown>) => look(),
    workflow: {
      getHandle: () => ({ query: queue }),
      async *list() {
        if (!known.listed) await away();
        for (const workflowId of known.listed ?? []) yield { workflowId };
      },
    },
  } as unknown as Client;
  const measuredNow = createMeasuredNow(client, () => clock.ms);
  return { clock, known, look: () => measuredNow('local', 'late-1') };
}

test('where the run queue does not answer, what Temporal lists tells, but for the one that asks', async () => {
  expect(await world({ listed: ['late-1', 'measured-1'] }).look()).toBe('measured-1');
  expect(await world({ listed: ['late-1'] }).look()).toBeNull();
});

test('what nothing tells is unknown, for two minutes on end', async () => {
  const { clock, look } = world({});
  for (clock.ms = 0; clock.ms < 120_000; clock.ms += 30_000) expect(await look()).toBeUndefined();
  expect(await look()).toBeNull();
});

test('another time of not knowing, later, counts anew', async () => {
  const { clock, look } = world({});
  expect(await look()).toBeUndefined();
  clock.ms = 3_600_000;
  expect(await look()).toBeUndefined();
});
