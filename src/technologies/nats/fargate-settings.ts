import { z } from 'zod';

/** What each server on Fargate is where nothing else is asked for. */
const fargateDefaults = { serverVcpus: 2, serverMemoryGibibytes: 8, storageGibibytes: 100 } as const;

/** Settings of servers that are tasks on AWS Fargate. */
export const fargateSettings = {
  hosting: z
    .enum(['fargate'])
    .optional()
    .describe(
      'With target: aws, where the servers run: fargate, each a task of AWS Fargate with a disk of its own',
    ),
  serverVcpus: z
    .union([z.literal(1), z.literal(2), z.literal(4), z.literal(8), z.literal(16)])
    .optional()
    .meta({ default: fargateDefaults.serverVcpus })
    .describe('Processors of each server on Fargate'),
  serverMemoryGibibytes: z
    .int()
    .min(2)
    .max(120)
    .optional()
    .meta({ default: fargateDefaults.serverMemoryGibibytes })
    .describe('Memory of each server on Fargate, in GiB: 2 to 8 for each processor, 4 by default'),
  storageGibibytes: z
    .int()
    .min(21)
    .max(200)
    .optional()
    .meta({ default: fargateDefaults.storageGibibytes })
    .describe('Disk of each server on Fargate, in GiB, of which JetStream uses three quarters'),
};

interface WrittenFargate {
  hosting?: 'fargate' | undefined;
  serverVcpus?: 1 | 2 | 4 | 8 | 16 | undefined;
  serverMemoryGibibytes?: number | undefined;
  storageGibibytes?: number | undefined;
}

/** What is left out of them; nothing where the servers are elsewhere. */
export function filledFargate(written: WrittenFargate): WrittenFargate {
  if (written.hosting === undefined) return {};
  return {
    serverVcpus: written.serverVcpus ?? fargateDefaults.serverVcpus,
    serverMemoryGibibytes:
      written.serverMemoryGibibytes ?? 4 * (written.serverVcpus ?? fargateDefaults.serverVcpus),
    storageGibibytes: written.storageGibibytes ?? fargateDefaults.storageGibibytes,
  };
}
