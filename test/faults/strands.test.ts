/** The fault suite can fail: without adoption, an oracle finds what a killed terraform has left. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endlessAttempt } from '../../activities/home/attempt.ts';
import { destroy } from '../../activities/home/destroy.ts';
import { streamName } from '../../activities/home/placements/kinesis-local.ts';
import { placements } from '../../activities/home/placements/registry.ts';
import { provision } from '../../activities/home/provision.ts';
import { type Bench, killEverything, startBench } from '../activities/home/support/terraform-world.ts';
import { until } from '../support/until.ts';
import { stranded } from './verdict/check-cell.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(async () => {
  await bench.stop();
});

test('with adoption replaced by a no-op, a stream killed between creation and tagging stays, and the oracle says so', async () => {
  const whole = placements.kinesis.local;
  if (!whole) throw new Error('there is no such entry');
  const ref = bench.experiment('kinesis', { shards: 1 });
  const name = streamName(bench.deps.installationId, ref.experimentId);
  const provisioning = provision(bench.deps, ref, endlessAttempt).catch((error) => error);
  // Terraform must be met at it.
  await until('the stream exists', async () => (await bench.streams()).includes(name), { everyMs: 5 });
  killEverything(bench, ref);
  await provisioning;
  placements.kinesis.local = { ...whole, adoptable: async () => [], inventory: async () => [] };
  try {
    await destroy(bench.deps, ref, endlessAttempt).catch((error) => error);
    expect(await stranded(bench.deps.home, bench.emulator, bench.deps.store.bucket)).toContain(
      `streams: ${name}`,
    );
  } finally {
    placements.kinesis.local = whole;
  }
}, 120_000);
