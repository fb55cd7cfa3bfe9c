import { existsSync, readFileSync } from 'node:fs';
import { DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { endlessAttempt } from '../../../activities/home/attempt.ts';
import { destroy } from '../../../activities/home/destroy.ts';
import { inventory } from '../../../activities/home/inventory.ts';
import { streamName } from '../../../activities/home/placements/kinesis-local.ts';
import { ownsInfrastructure, provision } from '../../../activities/home/provision.ts';
import { runFiles } from '../../../activities/home/runs/terraform-run.ts';
import { connectKinesis } from '../../../loadgen/drivers/kinesis/connection.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import type { InfrastructureRef } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { endProcess } from '../../../src/machine/end.ts';
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

const proxyOf = (ref: InfrastructureRef) =>
  findLaunched(bench.runFolder(ref)).filter(({ name }) => name === 'quota-proxy');

/** What the load's own client sees of the stream at the address that it is given. */
async function describeAt(endpoint: unknown) {
  const given = kinesisStreamEndpointSchema.parse(endpoint);
  const client = connectKinesis({ access: { region: given.region, endpoint: given.endpointUrl ?? '' } }, 1);
  try {
    const answer = await client.send(new DescribeStreamSummaryCommand({ StreamName: given.streamName }));
    return answer.StreamDescriptionSummary;
  } finally {
    client.destroy();
  }
}

it('adopts a stream whose terraform was killed while it waited for it, uses it, and destroys it', async () => {
  const ref = bench.experiment('kinesis', { shards: 2 });
  const name = streamName(bench.deps.installationId, ref.experimentId);
  const first = provision(bench.deps, ref, endlessAttempt).catch((error) => error);
  await until('the stream exists', async () => (await bench.streams()).includes(name), {
    timeoutMs: 150_000,
    everyMs: 5,
  });
  killEverything(bench, ref);
  expect(((await first) as Error).message).toMatch(/was killed/);
  // What makes it hard: the stream is in no state, and the lock is held.
  expect(await bench.stateObjects(ref)).toContain(s3Keys.terraformLock(ref.experimentId));

  const output = await provision(bench.deps, ref, endlessAttempt);
  expect(output).toMatchObject({
    endpoint: { streamName: name, region: 'us-east-1' },
    generators: 1,
    terraform: { providers: { 'hashicorp/aws': '5.100.0' } },
  });
  const run = bench.lastRun(ref);
  expect(run?.claim.steps).toEqual(['force-unlock', 'import', 'apply']);
  // The very stream, brought up to date in place.
  const journal = readFileSync(runFiles(`${bench.runFolder(ref)}/runs`, 2).journal, 'utf8');
  const changes = journal
    .split('\n')
    .filter((line) => line.includes('aws_kinesis_stream') && line.includes('apply_start'));
  expect(changes.map((line) => JSON.parse(line).hook.action)).toEqual(['update']);
  expect(await ownsInfrastructure(bench.deps, ref)).toBe(true);
  expect((await inventory(bench.deps, ref)).map(({ kind }) => kind).sort()).toEqual([
    ...['process', 'process'],
    'stream',
  ]);

  // The load is sent to the proxy, behind which is the stream.
  expect(kinesisStreamEndpointSchema.parse(output.endpoint).endpointUrl).not.toBe(bench.emulator.url);
  expect(await describeAt(output.endpoint)).toMatchObject({ StreamName: name, OpenShardCount: 2 });
  // Without it the infrastructure is not whole, and the next apply starts another.
  const [proxy] = proxyOf(ref);
  if (!proxy) throw new Error('there is no proxy');
  await endProcess(proxy.identity, { signal: 'SIGKILL' });
  expect(await ownsInfrastructure(bench.deps, ref)).toBe(false);
  const again = await provision(bench.deps, ref, endlessAttempt);
  expect(proxyOf(ref)).toHaveLength(1);
  expect(proxyOf(ref)[0]?.identity).not.toEqual(proxy.identity);
  expect(await describeAt(again.endpoint)).toMatchObject({ StreamName: name });

  await destroy(bench.deps, ref, endlessAttempt);
  expect(await bench.streams()).toEqual([]);
  expect(bench.processes(ref)).toEqual([]);
  expect(await bench.stateObjects(ref)).toEqual([]);
  expect(existsSync(bench.runFolder(ref))).toBe(false);
}, 600_000);
