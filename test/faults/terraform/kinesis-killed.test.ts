import { existsSync, renameSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { endlessAttempt } from '../../../activities/home/attempt.ts';
import { destroy } from '../../../activities/home/destroy.ts';
import { OperatorNeededError, TerraformFailedError } from '../../../activities/home/errors.ts';
import { streamName as nameOfStream } from '../../../activities/home/placements/kinesis-local.ts';
import { provision } from '../../../activities/home/provision.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import type { InfrastructureRef } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { findLaunched } from '../../../src/machine/launched.ts';
import { kinesisStreamEndpointSchema } from '../../../src/technologies/kinesis.ts';
import { type Bench, killEverything, startBench } from '../../activities/home/support/terraform-world.ts';
import { until } from '../../support/until.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(async () => {
  await bench.stop();
});

async function expectNothingLeft(ref: InfrastructureRef) {
  expect(await bench.streams()).toEqual([]);
  expect(bench.processes(ref)).toEqual([]);
  expect(await bench.stateObjects(ref)).toEqual([]);
  expect(existsSync(bench.runFolder(ref))).toBe(false);
}

async function killInCreate(ref: InfrastructureRef) {
  const name = nameOfStream(bench.deps.installationId, ref.experimentId);
  const provisioning = provision(bench.deps, ref, endlessAttempt).catch((error) => error);
  // Terraform must be met at it.
  await until('the stream exists', async () => (await bench.streams()).includes(name), { everyMs: 5 });
  await delay(3_000);
  killEverything(bench, ref);
  await provisioning;
}

it('destroys a stream whose terraform, provider and supervisor were killed while it was made', async () => {
  const ref = bench.experiment('kinesis');
  await killInCreate(ref);
  await destroy(bench.deps, ref, endlessAttempt);
  await expectNothingLeft(ref);
}, 300_000);

it('finds it without a run folder too, and asks a person about a lock that nothing here explains', async () => {
  const ref = bench.experiment('kinesis');
  await killInCreate(ref);
  for (const { identity } of bench.processes(ref)) process.kill(identity.pid, 'SIGKILL');
  renameSync(bench.runFolder(ref), `${bench.runFolder(ref)}-lost`);
  await expect(destroy(bench.deps, ref, endlessAttempt)).rejects.toThrow(OperatorNeededError);
  const lock = (await bench.deps.store.getJson(s3Keys.terraformLock(ref.experimentId))) as { ID: string };
  await destroy(bench.deps, { ...ref, breakLock: lock.ID }, endlessAttempt);
  await expectNothingLeft(ref);
}, 300_000);

it('needs no person once the lock is older than any terraform can be', async () => {
  const deps = { ...bench.deps, limits: { ...bench.deps.limits, runMs: 40_000, patienceMs: 5_000 } };
  const ref = bench.experiment('kinesis');
  await killInCreate(ref);
  for (const { identity } of bench.processes(ref)) process.kill(identity.pid, 'SIGKILL');
  renameSync(bench.runFolder(ref), `${bench.runFolder(ref)}-lost`);
  let refusals = 0;
  for (;;) {
    try {
      await destroy(deps, ref, endlessAttempt);
      break;
    } catch (error) {
      // On a busy machine the limit may end a terraform of our own; the workflow tries again, and so does this.
      if (error instanceof OperatorNeededError) refusals += 1;
      else expect(error).toBeInstanceOf(TerraformFailedError);
      await delay(5_000);
    }
  }
  expect(refusals).toBeGreaterThan(0);
  await expectNothingLeft(ref);
}, 600_000);

it('is provisioned and destroyed in peace, on demand and without a proxy where no quotas are enforced', async () => {
  const ref = bench.experiment('kinesis', { mode: 'on-demand', enforceQuotas: false });
  const { endpoint, generators } = await provision(bench.deps, ref, endlessAttempt);
  const { endpointUrl, streamName } = kinesisStreamEndpointSchema.parse(endpoint);
  expect({ generators, endpointUrl }).toEqual({ generators: 1, endpointUrl: bench.emulator.url });
  expect(findLaunched(bench.runFolder(ref)).map(({ name }) => name)).not.toContain('quota-proxy');
  const { StreamDescriptionSummary: stream } = await bench.kinesis.send(
    new DescribeStreamSummaryCommand({ StreamName: streamName }),
  );
  expect(stream).toMatchObject({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  await destroy(bench.deps, ref, endlessAttempt);
  await expectNothingLeft(ref);
}, 600_000);
