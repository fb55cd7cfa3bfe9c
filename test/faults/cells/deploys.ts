import { messageNames } from '../../../src/contracts/temporal/names.ts';
import { until } from '../../support/until.ts';
import type { Version } from '../world/checkout.ts';
import type { Fault, WorldFault } from './matrix.ts';
import { type Injection, kill, type Strike } from './strike.ts';

/** What the workers of a cell run at first, where it is about a deploy. */
export const firstVersions: { readonly [fault in Fault]?: Version } = {
  upgraded: 'earlier',
  'upgraded-patched': 'this',
  'upgraded-renamed': 'this',
  'upgraded-wrongly-and-back': 'this',
};

/** Kills the worker and puts another version in its place, which takes over. */
const deployInstead =
  (version: Version): Strike =>
  async ({ world }) => {
    kill(world.ownWorkers());
    world.deploy(version);
    await world.startWorker('this', 'checkout');
    return undefined;
  };

/** Faults that are deploys: of other code, in place of what runs. */
export const deploys = {
  upgraded: { strike: deployInstead('this') },
  'upgraded-patched': { strike: deployInstead('patched') },
  'upgraded-renamed': { strike: deployInstead('renamed-variable') },
  'upgraded-wrongly-and-back': {
    async strike(victim) {
      const { world, id } = victim;
      await deployInstead('nondeterministic')(victim);
      try {
        // Whatever it waits for may be long in coming; this one changes nothing.
        await world.client.workflow.getHandle(id).signal(messageNames.slot, { position: 1 });
        await until(
          'the workflow to be seen as stuck',
          async () =>
            ((await world.client.workflow.getHandle(id).describe()).raw.pendingWorkflowTask?.attempt ?? 0) >
            1,
          { timeoutMs: 30_000, everyMs: 250 },
        );
      } finally {
        // Also where it has closed before: the code that no history fits to answers no question about it.
        await deployInstead('this')(victim);
      }
      return undefined;
    },
  },
} satisfies { [fault in WorldFault]?: Injection };
