import { z } from 'zod';
import type { SettingsProblem, TechnologyCard } from './card.ts';

export const natsSettingsSchema = z.strictObject({
  replicas: z
    .union([z.literal(1), z.literal(3)])
    .default(1)
    .describe('Copies of the stream, each on a server of its own'),
  storage: z.enum(['file', 'memory']).default('file').describe('Where the servers keep the stream'),
  retention: z
    .enum(['limits', 'interest', 'workqueue'])
    .default('limits')
    .describe(
      'How long the stream keeps a message: within its limits, until every consumer has acknowledged it (interest), or until one has (workqueue)',
    ),
  subjects: z
    .int()
    .min(1)
    .max(1_000)
    .default(4)
    .describe(
      'Subjects over which messages are spread, by their key or in turn; each is read by one consumer, in order',
    ),
  publishMode: z
    .enum(['asynchronous', 'synchronous'])
    .default('asynchronous')
    .describe(
      'Whether the producer goes on while acknowledgements are outstanding, or waits for each in turn',
    ),
  publishWindow: z
    .int()
    .min(1)
    .max(100_000)
    .default(4_000)
    .describe('Most messages of a producer that wait for their acknowledgement; only when asynchronous'),
  consumer: z
    .enum(['pull', 'ordered'])
    .default('pull')
    .describe(
      'How consumers read: pull, acknowledging each message, or ordered, acknowledging none and beginning anew after a gap',
    ),
  maxAckPending: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_000)
    .describe('Most messages of a pull consumer that wait for its acknowledgement'),
  deduplicationWindowSeconds: z
    .int()
    .min(0)
    .max(3_600)
    .default(0)
    .describe(
      'How long the stream recognises a message that was published again, in seconds; 0 publishes without message ids',
    ),
});
export type NatsSettings = z.infer<typeof natsSettingsSchema>;

const natsEndpointSchema = z.object({
  servers: z.array(z.string().regex(/^[^:]+:\d+$/)).min(1),
  stream: z.string().min(1),
  /** The stream's subjects are this, a dot, and a number from 0. */
  subjectPrefix: z.string().min(1),
});
export type NatsEndpoint = z.infer<typeof natsEndpointSchema>;

function settingsProblems({ consumer, retention }: NatsSettings): SettingsProblem[] {
  if (consumer !== 'ordered' || retention === 'limits') return [];
  return [
    {
      setting: 'consumer',
      message: `ordered acknowledges nothing, which retention ${retention} needs; use pull, or retention: limits`,
    },
  ];
}

/** NATS JetStream. */
export const nats: TechnologyCard<typeof natsSettingsSchema, typeof natsEndpointSchema> = {
  id: 'nats',
  label: 'NATS JetStream',
  summary:
    'A light message server with streams that are kept and replicated, which you run yourself or rent.',
  targets: {
    local: { emulated: false, note: 'Real servers on this machine', overheadSeconds: 8 },
  },
  settings: natsSettingsSchema,
  endpoint: natsEndpointSchema,
  settingsProblems,
  copiesOnDisk: ({ storage, retention, replicas }) =>
    storage === 'file' && retention === 'limits' ? replicas : 0,
  // NATS publishes no limit; what it can do depends on the hardware.
  ceiling: () => null,
};
