/** The fault suite can fail: without adoption, an oracle finds what a killed terraform has left. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endlessAttempt } from '../../activities/attempt.ts';
import { streamName } from '../../activities/inventory/kinesis.ts';
import { infrastructureEntries } from '../../activities/inventory/registry.ts';
import { destroy } from '../../activities/terraform/destroy.ts';
import { provision } from '../../activities/terraform/provision.ts';
import { type Bench, killEverything, startBench, until } from '../activities/terraform/support/bench.ts';
import { stranded } from './judge.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(async () => {
  await bench.stop();
});

test('with adoption replaced by a no-op, a stream killed between creation and tagging stays, and the oracle says so', async () => {
  const whole = infrastructureEntries.kinesis.local;
  if (!whole) throw new Error('there is no such entry');
  const ref = bench.experiment('kinesis', { shards: 1 });
  const name = streamName(bench.deps.installationId, ref.experimentId);
  const provisioning = provision(bench.deps, ref, endlessAttempt).catch((error) => error);
  await until('the stream exists', async () => (await bench.streams()).includes(name), 60_000);
  killEverything(bench, ref);
  await provisioning;
  infrastructureEntries.kinesis.local = { ...whole, adoptable: async () => [], inventory: async () => [] };
  try {
    await destroy(bench.deps, ref, endlessAttempt).catch((error) => error);
    expect(await stranded(bench.deps.home, bench.emulator.url, bench.deps.store.bucket)).toContain(
      `streams: ${name}`,
    );
  } finally {
    infrastructureEntries.kinesis.local = whole;
  }
}, 120_000);
