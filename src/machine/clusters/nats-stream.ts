import {
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { z } from 'zod';

/** A stream of ours, as settings have it. */
export const natsStreamSchema = z.object({
  name: z.string(),
  replicas: z.int(),
  storage: z.enum(['file', 'memory']),
  retention: z.enum(['limits', 'interest', 'workqueue']),
  subjects: z.int(),
  deduplicationWindowSeconds: z.number(),
});
type NatsStream = z.infer<typeof natsStreamSchema>;

const storages = { file: StorageType.File, memory: StorageType.Memory } as const;
const retentions = {
  limits: RetentionPolicy.Limits,
  interest: RetentionPolicy.Interest,
  workqueue: RetentionPolicy.Workqueue,
} as const;

/** Makes it. Its subjects are its name, a dot, and a number from 0. */
export function addStream(manager: JetStreamManager, stream: NatsStream): Promise<StreamInfo> {
  const config: Partial<StreamConfig> & { name: string } = {
    name: stream.name,
    subjects: Array.from({ length: stream.subjects }, (_, number) => `${stream.name}.${number}`),
    num_replicas: stream.replicas,
    storage: storages[stream.storage],
    retention: retentions[stream.retention],
  };
  if (stream.deduplicationWindowSeconds > 0) {
    config.duplicate_window = nanos(stream.deduplicationWindowSeconds * 1_000);
  }
  return manager.streams.add(config);
}

/** Whether the stream has a leader that sees all its followers up to date. A lone server shows no cluster at all. */
export function isReady({ cluster }: StreamInfo, replicas: number): boolean {
  if (replicas === 1) return true;
  const current = cluster?.replicas?.filter((replica) => replica.current && !replica.offline) ?? [];
  return Boolean(cluster?.leader) && current.length === replicas - 1;
}
