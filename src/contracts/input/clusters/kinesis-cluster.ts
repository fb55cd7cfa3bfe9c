import { z } from 'zod';
import { awsCredentialsSchema, clusterBase } from './common.ts';

/** An AWS account's Kinesis in one region, or what speaks like it. */
export const kinesisClusterSchema = z.strictObject({
  ...clusterBase,
  technology: z.literal('kinesis').describe('An account and a region in which streams of ours are made'),
  region: z.string().min(1).describe('Region in which the stream is made'),
  endpointUrl: z
    .url({ protocol: /^https?$/, error: 'must be a URL, such as http://127.0.0.1:4566' })
    .optional()
    .describe('Where an emulator listens; results say emulated then. The region’s own service without'),
  ...awsCredentialsSchema.shape,
});
export type KinesisCluster = z.infer<typeof kinesisClusterSchema>;
