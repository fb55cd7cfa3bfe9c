import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import { testStore } from '../../support/oracles.ts';
import { until } from '../../support/until.ts';
import { accessDenied, type Rule, streamAccessDenied } from '../world/proxy.ts';
import type { WorldFault } from './matrix.ts';
import { type Injection, MissedError, type Victim } from './strike.ts';

/** A state lock as terraform on another host writes it, of which nothing is known here. */
export function lockObject(id: string, created: Date) {
  return {
    ID: randomUUID(),
    Operation: 'OperationTypeApply',
    Info: '',
    Who: 'root@elsewhere',
    Version: '1.11.4',
    Created: created.toISOString(),
    Path: `comparator-results/${s3Keys.terraformState(id)}`,
  };
}

/** Waits until the experiment needs a person, and returns why. */
async function untilOperatorNeeded({ world, id }: Victim): Promise<{ reason: string; actions: string[] }> {
  const { phase, operator } = await until(
    `${id} to need a person`,
    async () => {
      const now = await world.progress(id);
      return (now.phase === 'closed' || (now.phase === 'needs-operator' && now.operator)) && now;
    },
    { timeoutMs: 300_000, everyMs: 100 },
  );
  if (phase === 'closed' || !operator) throw new Error('it closed without asking for a person');
  const { searchAttributes } = await world.client.workflow.getHandle(id).describe();
  if (searchAttributes?.ComparatorNeedsOperator?.[0] !== true) {
    throw new Error('the search attribute does not say that a person is needed');
  }
  return operator;
}

/** Asks for the next try until it is taken, or not needed. */
export async function retryDestroy({ world, id }: Victim, body?: { breakLock: string }): Promise<void> {
  for (;;) {
    const answer = await world.call('POST', `/api/experiments/${id}/retry-destroy`, body ?? {});
    if (answer.status === 202) return;
    // It is just trying by itself, or has closed.
    if (answer.status !== 409) throw new Error(`retry-destroy answered ${answer.status}`);
    if ((await world.progress(id)).phase === 'closed') return;
    await delay(100);
  }
}

/** State locks, and destroys that need a person. */
export const lockFaults = {
  'stale-lock': {
    async strike(victim) {
      const created = new Date(Date.now() - 3 * 3_600_000);
      await testStore(victim.world.emulated()).putJson(
        s3Keys.terraformLock(victim.id),
        lockObject(victim.id, created),
      );
      return undefined;
    },
  },
  'live-lock': {
    async strike(victim) {
      const { world, id } = victim;
      const store = testStore(world.emulated());
      const lock = lockObject(victim.id, new Date());
      const unplant = world.sampler.plantLive(id, lock.ID);
      await store.putJson(s3Keys.terraformLock(id), lock);
      return async () => {
        const { reason } = await untilOperatorNeeded(victim);
        if (!reason.includes(lock.ID)) throw new Error(`the reason does not name the lock: ${reason}`);
        const there = (await store.getJson(s3Keys.terraformLock(id))) as { ID: string } | null;
        if (there?.ID !== lock.ID) throw new Error('the planted lock is gone');
        // Its holder ends, and takes its lock away.
        unplant();
        await store.delete([s3Keys.terraformLock(id)]);
        await retryDestroy(victim);
      };
    },
  },
  'destroy-failing': {
    async strike(victim) {
      const { world, cell, id } = victim;
      const rule: Rule =
        cell.technology === 'kinesis'
          ? { matches: ({ target }) => target.endsWith('.DeleteStream'), answer: streamAccessDenied }
          : {
              matches: ({ path, userAgent }) =>
                path.endsWith(s3Keys.terraformState(id)) && userAgent.includes('Terraform/'),
              answer: accessDenied,
            };
      const lift = world.proxy.apply(rule);
      return async () => {
        const { actions } = await untilOperatorNeeded(victim);
        if (actions.length === 0) throw new Error('nothing says what a person can do');
        if (world.proxy.hits(rule) === 0) throw new MissedError('terraform never asked');
        lift();
        await retryDestroy(victim);
      };
    },
  },
} satisfies { [fault in WorldFault]?: Injection };
