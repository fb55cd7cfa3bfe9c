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
