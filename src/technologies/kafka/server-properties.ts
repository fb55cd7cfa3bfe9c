import { z } from 'zod';

// Documents of earlier releases may have them in quotes.
const whole = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value),
    z.int().min(min).max(max),
  );
const flag = z.preprocess(
  (value) => (value === 'true' || value === 'false' ? value === 'true' : value),
  z.boolean(),
);

const codecs = ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
const int32 = 2_147_483_647;

/**
 * Broker properties a user may set: those that change performance and cannot reach outside the broker's own folder. Each
 * as Kafka checks it, so that a broker never refuses to start for one.
 */
export const serverPropertiesSchema = z.strictObject({
  'background.threads': whole(1, int32)
    .optional()
    .describe('Threads for what a broker does in the background'),
  'compression.type': z
    .enum(codecs)
    .optional()
    .describe('How the broker compresses what it keeps; producer keeps it as it came'),
  'fetch.max.bytes': whole(1_024, int32).optional().describe('Most bytes of an answer to a fetch'),
  'log.cleanup.policy': z
    .enum(['delete', 'compact', 'compact,delete', 'delete,compact'])
    .optional()
    .describe('What becomes of old segments; a compacted topic takes only messages with keys'),
  'log.flush.interval.messages': whole(1)
    .optional()
    .describe(
      'After how many messages a partition is flushed to the disk; 1 flushes before each acknowledgement',
    ),
  'log.flush.interval.ms': whole(0)
    .optional()
    .describe('Longest time in ms before a partition is flushed to the disk'),
  'log.retention.bytes': whole(-1).optional().describe('Bytes of a partition that are kept; -1 for no limit'),
  'log.retention.ms': whole(-1)
    .refine((ms) => ms !== 0, 'must be -1, for no limit, or more than 0')
    .optional()
    .describe('How long messages are kept, in ms; -1 for no limit'),
  'log.segment.bytes': whole(1_048_576, int32).optional().describe('Size of a segment file'),
  'message.max.bytes': whole(0, int32)
    .optional()
    .describe('Largest batch that the broker takes, once compressed, keys and framing included'),
  'min.insync.replicas': whole(1, int32)
    .optional()
    .describe('Replicas in sync without which acks all is refused'),
  'num.io.threads': whole(1, int32).optional().describe('Threads that answer requests'),
  'num.network.threads': whole(1, int32).optional().describe('Threads that read and write sockets'),
  'num.replica.fetchers': whole(1, int32).optional().describe('Threads that fetch from each leader'),
  'queued.max.requests': whole(1, int32).optional().describe('Requests that may wait for a thread'),
  'replica.fetch.max.bytes': whole(0, int32)
    .optional()
    .describe('Bytes that a replica asks for, of each partition'),
  'replica.fetch.wait.max.ms': whole(0, int32)
    .optional()
    .describe('Longest time in ms that a fetch of a replica may wait at the leader'),
  'replica.lag.time.max.ms': whole(0)
    .optional()
    .describe('Time in ms after which a replica that lags is out of sync'),
  'socket.receive.buffer.bytes': whole(-1, int32)
    .optional()
    .describe('Buffer of a socket for what comes in; -1 for the system’s own'),
  'socket.request.max.bytes': whole(1, int32).optional().describe('Largest request that a broker reads'),
  'socket.send.buffer.bytes': whole(-1, int32)
    .optional()
    .describe('Buffer of a socket for what goes out; -1 for the system’s own'),
  'unclean.leader.election.enable': flag
    .optional()
    .describe('Whether a replica that lags may become the leader, and with it messages be lost'),
});
export type ServerProperties = z.infer<typeof serverPropertiesSchema>;

/** What Kafka's brokers have where nothing is set. */
const defaults = {
  'log.flush.interval.messages': Number.MAX_SAFE_INTEGER,
  'log.segment.bytes': 1_073_741_824,
  'message.max.bytes': 1_048_588,
  'min.insync.replicas': 1,
  'replica.fetch.wait.max.ms': 500,
  'replica.lag.time.max.ms': 30_000,
  'socket.request.max.bytes': 104_857_600,
} as const;

/** A property as a number, the broker's own default where it is not set. */
export function numberOf(properties: ServerProperties, name: keyof typeof defaults): number {
  return properties[name] ?? defaults[name];
}
