import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { expect, it } from '@jest/globals';
import { kinesisPlacement } from '../../../../activities/home/placements/kinesis-local.ts';
import type { PlacementContext } from '../../../../activities/home/placements/placement.ts';

it('takes no stream for its own but the one that installation and experiment name', async () => {
  const asked: (string | undefined)[] = [];
  const kinesis = {
    async send({ input }: { input: { StreamName?: string } }) {
      asked.push(input.StreamName);
      return { StreamDescriptionSummary: { StreamStatus: 'ACTIVE' } };
    },
  } as unknown as KinesisClient;
  const context = { installationId: 'inst', experimentId: 'exp-1' } as PlacementContext;
  expect(await kinesisPlacement(() => kinesis).adoptable(context)).toEqual([
    { address: 'module.stream.aws_kinesis_stream.this', importId: 'cmp-inst-exp-1' },
  ]);
  expect(asked).toEqual(['cmp-inst-exp-1']);
});

it('is refused where AWS itself is used: a stream of it would be billed, and called emulated', async () => {
  const placement = kinesisPlacement(() => ({}) as KinesisClient);
  const real = { installationId: 'inst', endpointUrl: null } as PlacementContext;
  await expect(placement.assertReady?.(real)).rejects.toThrow('there is no emulator here');
  const emulated = { ...real, endpointUrl: 'http://127.0.0.1:4566' };
  await expect(placement.assertReady?.(emulated)).resolves.toBeUndefined();
  // Streams that are there are of another target then.
  expect(await placement.owners?.(real)).toEqual([]);
});
