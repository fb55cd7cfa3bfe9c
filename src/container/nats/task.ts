import { z } from 'zod';
import { idSchema } from '../../contracts/input/ids.ts';
import { environmentSchema, parseEnvironment } from '../../environment.ts';

/** What a server of an experiment's own needs to take its place; terraform hands it over. */
export interface NatsTask {
  experimentId: string;
  resultsBucket: string;
  /** `server-1` and on. */
  name: string;
  /** How many of them there are. */
  servers: number;
  syncInterval: string;
  /** Where ECS says what this task is. */
  metadataUri: string;
  aws: { region: string; endpointUrl: string | null };
}

const schema = environmentSchema.pick({ AWS_REGION: true, AWS_ENDPOINT_URL: true }).extend({
  COMPARATOR_EXPERIMENT_ID: idSchema,
  COMPARATOR_RESULTS_BUCKET: z.string().min(1),
  COMPARATOR_SERVER: z.string().regex(/^server-\d+$/, 'must be server- and a number'),
  COMPARATOR_SERVERS: z.coerce.number().int().min(1),
  COMPARATOR_SYNC_INTERVAL: z.string().min(1),
  ECS_CONTAINER_METADATA_URI_V4: z.url(),
});

/** @throws ConfigError when a variable is missing or cannot be used */
export function readNatsTask(environment: NodeJS.ProcessEnv): NatsTask {
  const env = parseEnvironment(schema, environment);
  return {
    experimentId: env.COMPARATOR_EXPERIMENT_ID,
    resultsBucket: env.COMPARATOR_RESULTS_BUCKET,
    name: env.COMPARATOR_SERVER,
    servers: env.COMPARATOR_SERVERS,
    syncInterval: env.COMPARATOR_SYNC_INTERVAL,
    metadataUri: env.ECS_CONTAINER_METADATA_URI_V4,
    aws: { region: env.AWS_REGION, endpointUrl: env.AWS_ENDPOINT_URL ?? null },
  };
}

const metadataSchema = z.object({
  Networks: z.array(z.object({ IPv4Addresses: z.array(z.ipv4()).min(1) })).min(1),
});

/** This task's own address in its network, as ECS has it. */
export async function ownAddress(metadataUri: string): Promise<string> {
  const answer = await fetch(metadataUri, { signal: AbortSignal.timeout(5_000) });
  const { Networks } = metadataSchema.parse(await answer.json());
  return Networks[0]?.IPv4Addresses[0] as string;
}
