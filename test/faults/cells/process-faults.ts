import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { signalProcess, waitUntilEnded } from '../../../src/machine/end.ts';
import { type ExperimentProcess, processesOf, terraformsOf } from '../world/processes.ts';
import { retryDestroy } from './lock-faults.ts';
import type { WorldFault } from './matrix.ts';
import { hitPart, type Injection, kill, MissedError, type Strike, type Victim } from './strike.ts';

function killKinds(
  { world, id }: Victim,
  ...kinds: ExperimentProcess['kind'][]
): (() => Promise<void>) | undefined {
  const found = processesOf(world.home, id).filter(({ kind }) => kinds.includes(kind));
  if (kinds.some((kind) => !found.some((one) => one.kind === kind) && kind !== 'provider')) {
    throw new MissedError(`of ${kinds.join(', ')} not all live`);
  }
  kill(found.map(({ identity }) => identity));
  return undefined;
}

async function aimAtTerraform({ world, id }: Victim): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (terraformsOf(world.home, id).length === 0) {
    if (Date.now() > deadline) throw new MissedError('no terraform was started');
    await delay(10);
  }
}

async function aimAtGenerator({ world, id }: Victim): Promise<void> {
  if (!processesOf(world.home, id).some(({ kind }) => kind === 'generator')) {
    throw new MissedError('there is no load generator');
  }
}

const killWorkerAnd =
  (...kinds: ExperimentProcess['kind'][]): Strike =>
  async (victim) => {
    const worker = victim.world.part('worker');
    const restarted = victim.world.untilRestarted('worker', worker);
    killKinds(victim, ...kinds);
    kill([worker]);
    return () => restarted;
  };

/** Ends every process of an experiment; twice, since what was just starting one may have started it since. */
async function killExperiment({ world, id }: Victim): Promise<void> {
  for (let pass = 0; pass < 2; pass++) {
    for (const { identity } of processesOf(world.home, id)) signalProcess(identity, 'SIGKILL');
    await delay(50);
  }
}

/** Processes of an experiment, or its worker, that end or stand still; or a worker too many. */
export const processFaults = {
  'worker-killed': { strike: ({ world }) => hitPart(world, 'worker', 'SIGKILL') },
  'worker-terminated': { strike: ({ world }) => hitPart(world, 'worker', 'SIGTERM') },
  'worker-frozen': {
    async strike({ world }) {
      const worker = world.part('worker');
      kill([worker], 'SIGSTOP');
      const frozenAt = Date.now();
      return async () => {
        const second = await world.startWorker('this');
        // Beyond the heartbeat timeout of every activity.
        await delay(Math.max(0, frozenAt + 35_000 - Date.now()));
        kill([worker], 'SIGCONT');
        await delay(3_000);
        kill([second], 'SIGTERM');
        await waitUntilEnded(second, 30_000);
      };
    },
  },
  'terraform-killed': {
    aim: aimAtTerraform,
    strike: async (victim) => killKinds(victim, 'terraform'),
  },
  'supervisor-killed': {
    aim: aimAtTerraform,
    strike: async (victim) => killKinds(victim, 'supervisor'),
  },
  'supervisor-and-worker-killed': { aim: aimAtTerraform, strike: killWorkerAnd('supervisor') },
  'machinery-killed': {
    aim: aimAtTerraform,
    strike: killWorkerAnd('supervisor', 'terraform', 'provider'),
  },
  'host-lost': {
    async aim(victim) {
      if (victim.cell.phase !== 'measuring') await aimAtTerraform(victim);
    },
    async strike(victim) {
      const { world, id } = victim;
      kill(world.ownWorkers());
      await killExperiment(victim);
      rmSync(join(world.home, 'experiments', id), { recursive: true, force: true, maxRetries: 3 });
      return async () => {
        await world.startWorker('other');
        // Nothing on the new host can prove that the old one is dead: a person who knows it says so.
        for (;;) {
          const { phase, operator } = await world.progress(id);
          if (phase === 'closed') return;
          const lock = /breakLock "([^"]+)"/.exec(operator?.actions.join(' ') ?? '')?.[1];
          if (phase === 'needs-operator' && lock) return retryDestroy(victim, { breakLock: lock });
          await delay(200);
        }
      };
    },
  },
  'broker-killed': { strike: async (victim) => killKinds(victim, 'broker') },
  'generator-killed': { aim: aimAtGenerator, strike: async (victim) => killKinds(victim, 'generator') },
  'stack-killed': {
    async strike(victim) {
      const { world, id } = victim;
      const parts = (['aws', 'temporal', 'api', 'worker'] as const).map((name) => {
        const identity = world.part(name);
        return { identity, restarted: world.untilRestarted(name, identity) };
      });
      const machinery = processesOf(world.home, id).filter(({ kind }) =>
        ['supervisor', 'terraform', 'provider'].includes(kind),
      );
      kill([...parts, ...machinery].map(({ identity }) => identity));
      return async () => {
        await Promise.all(parts.map(({ restarted }) => restarted));
      };
    },
  },
  'other-home': {
    async strike({ world }) {
      const words = await world.tryOtherHome();
      if (!words.includes('Another home works for this namespace and bucket'))
        throw new Error(`it was not refused by name: ${words.slice(-300)}`);
      return undefined;
    },
  },
  rebooted: {
    async aim(victim) {
      if (victim.cell.phase !== 'measuring') await aimAtTerraform(victim);
    },
    async strike(victim) {
      kill(victim.world.ownWorkers());
      await killExperiment(victim);
      return async () => {
        await victim.world.startWorker('rebooted');
      };
    },
  },
  'shared-folder': {
    async aim(victim) {
      if (victim.cell.phase !== 'measuring') await aimAtTerraform(victim);
    },
    async strike(victim) {
      const { world, id } = victim;
      kill(world.ownWorkers());
      return async () => {
        const stranger = await world.startWorker('other');
        await delay(20_000);
        kill([stranger]);
        await waitUntilEnded(stranger, 30_000);
        await world.startWorker('this');
        // The stranger could not tell what lives here, and may have left it to a person, who need only ask again here.
        for (;;) {
          const { phase } = await world.progress(id);
          if (phase === 'closed') return;
          if (phase === 'needs-operator') return retryDestroy(victim);
          await delay(200);
        }
      };
    },
  },
} satisfies { [fault in WorldFault]?: Injection };
