/** The most telling faults of the suite, several in one experiment, so that `npm test` stays quick. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TechnologyId } from '../../../src/technologies/registry.ts';
import { experimentProcesses } from '../../support/oracles.ts';
import { inconsistencies, landedIn, lostResults, readResults, stranded } from '../verdict/check-cell.ts';
import { startVictim, untilClosed, untilPhase } from '../verdict/run-cell.ts';
import { type FaultWorld, startFaultWorld } from '../world/world.ts';
import { injections } from './injections.ts';
import type { FaultPhase, WorldFault } from './matrix.ts';
import { MissedError, type Victim } from './strike.ts';

const maxTries = 50;

interface Struck {
  phase: FaultPhase;
  atEpochMs: number;
  /** Waits until the stack has put things right again. */
  afterwards: () => Promise<void>;
}

/** Waits for a phase, and strikes in it with each of these faults, once. */
async function strike(victim: Victim, phase: FaultPhase, ...faults: WorldFault[]): Promise<Struck> {
  await untilPhase(victim.world, victim.id, phase);
  const settling: ((() => Promise<void>) | undefined)[] = [];
  const afterwards = async () => {
    await Promise.all(settling.map((settle) => settle?.()));
  };
  let left = faults;
  for (let tries = 1; ; tries++) {
    for (const fault of left) await injections[fault].aim?.(victim);
    const atEpochMs = Date.now();
    const struck = await Promise.allSettled(left.map((fault) => injections[fault].strike(victim)));
    const missed: WorldFault[] = [];
    for (const [index, result] of struck.entries()) {
      if (result.status === 'fulfilled') settling.push(result.value);
      // A terraform of milliseconds, such as an init, was gone before the blow: the next one is as good.
      else if (!(result.reason instanceof MissedError) || tries === maxTries) throw result.reason;
      else missed.push(left[index] as WorldFault);
    }
    if (missed.length === 0) return { phase, atEpochMs, afterwards };
    left = missed;
    await delay(20);
  }
}

/** Defines the tests, with one technology; each on a stack of its own. */
export function faultSubset(technology: TechnologyId): void {
  let world: FaultWorld;
  beforeAll(async () => {
    world = await startFaultWorld({ worker: 'stack', smallDisk: null, report: () => {} });
  }, 120_000);
  afterAll(async () => {
    await world?.end();
    expect(experimentProcesses(world.home)).toEqual([]);
  }, 60_000);

  const submit = async (fault: WorldFault, phase: FaultPhase): Promise<Victim> => {
    const victim = await startVictim(world, { fault, phase, technology, seed: 1 });
    world.sampler.watch(victim.id);
    return victim;
  };

  let terminated: Victim;
  /** Waits in the queue behind the one that is terminated. */
  let survivor: Victim;
  const strikes: Struck[] = [];

  test('a terminated workflow leaves what the reaper then destroys, and its slot goes to the next', async () => {
    terminated = await submit('terminated', 'measuring');
    await untilPhase(world, terminated.id, 'measuring');
    survivor = await submit('stale-lock', 'queued');
    strikes.push(await strike(survivor, 'queued', 'stale-lock'));
    await world.client.workflow.getHandle(terminated.id).terminate('a test');
    expect(experimentProcesses(world.home)).not.toEqual([]);
    const answer = await world.call('POST', '/api/reap');
    expect(await answer.json()).toMatchObject({
      orphans: [{ experimentId: terminated.id, result: 'destroyed' }],
    });
    expect(experimentProcesses(world.home).filter((one) => one.includes(terminated.id))).toEqual([]);
    const detail = await (await world.call('GET', `/api/experiments/${terminated.id}`)).json();
    expect(detail).toMatchObject({
      phase: 'closed',
      outcome: 'failed',
      failure: { code: 'workflow-lost', phase: 'measuring' },
    });
  }, 90_000);

  test('an experiment that is hit in every phase completes, and leaves nothing', async () => {
    strikes.push(await strike(survivor, 'provisioning', 'terraform-killed', 'supervisor-killed'));
    await injections['terraform-killed'].aim?.(survivor);
    strikes.push(await strike(survivor, 'provisioning', 'worker-killed'));
    strikes.push(await strike(survivor, 'measuring', 'worker-killed', 'generator-killed'));
    strikes.push(await strike(survivor, 'destroying', 'worker-terminated'));
    await untilClosed(world, survivor.id);
    expect(await stranded(world.home, world.emulated())).toEqual([]);
    await Promise.all(strikes.map(({ afterwards }) => afterwards()));
    const progress = await world.progress(survivor.id);
    for (const { phase, atEpochMs } of strikes) expect(landedIn(phase, atEpochMs, progress)).toBe(true);
    expect(progress).toMatchObject({ outcome: 'completed', failure: null });
    expect(world.sampler.observed(survivor.id)).toEqual({ doubleWriters: [], wronglyBrokenLocks: [] });
    expect(await lostResults(world.emulated(), survivor.id, false)).toEqual([]);
    const [result, ...others] = await readResults(world.emulated(), survivor.id);
    expect(others).toEqual([]);
    expect(result?.restarts).toBe(1);
    expect(result && inconsistencies(result, 'generator-killed', true)).toEqual([]);
  }, 180_000);
}
