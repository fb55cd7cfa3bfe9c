import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { endlessAttempt } from '../../../activities/home/attempt.ts';
import { destroy } from '../../../activities/home/destroy.ts';
import { TerraformFailedError } from '../../../activities/home/errors.ts';
import { inventory } from '../../../activities/home/inventory.ts';
import { provision } from '../../../activities/home/provision.ts';
import type { InfrastructureRef } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { signalProcess } from '../../../src/machine/end.ts';
import { findLaunched } from '../../../src/machine/launched.ts';
import { type Bench, startBench } from '../../activities/home/support/terraform-world.ts';
import { until } from '../../support/until.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(async () => {
  await bench.stop();
});

const brokerStarts = (ref: InfrastructureRef) =>
  until('a broker starts', () =>
    findLaunched(bench.runFolder(ref)).some(({ name, kind }) => name === 'broker-1' && kind === 'process'),
  );

async function expectNothingLeft(ref: InfrastructureRef) {
  expect(bench.processes(ref)).toEqual([]);
  expect(await bench.stateObjects(ref)).toEqual([]);
  expect(existsSync(bench.runFolder(ref))).toBe(false);
  expect(await inventory(bench.deps, ref)).toEqual([]);
}

it('pushes the state that could not be written, breaks its own dead lock, and destroys', async () => {
  const ref = bench.experiment('kafka');
  const provisioning = provision(bench.deps, ref, endlessAttempt).catch((error) => error);
  await brokerStarts(ref);
  await bench.emulator.stop('SIGTERM');
  expect(await provisioning).toBeInstanceOf(TerraformFailedError);
  expect(existsSync(`${bench.runFolder(ref)}/terraform/kafka/local/errored.tfstate`)).toBe(true);
  await bench.emulator.restart();
  await provision(bench.deps, ref, endlessAttempt);
  expect(bench.lastRun(ref)?.claim.steps).toEqual(['force-unlock', 'state', 'apply']);
  await destroy(bench.deps, ref, endlessAttempt);
  await expectNothingLeft(ref);
}, 200_000);

it('sits out an S3 that does not answer for a while', async () => {
  const ref = bench.experiment('kafka');
  const provisioning = provision(bench.deps, ref, endlessAttempt).catch((error) => error);
  await brokerStarts(ref);
  signalProcess(bench.emulator.identity, 'SIGSTOP');
  await delay(20_000);
  signalProcess(bench.emulator.identity, 'SIGCONT');
  await provisioning;
  await destroy(bench.deps, ref, endlessAttempt);
  await expectNothingLeft(ref);
}, 200_000);
