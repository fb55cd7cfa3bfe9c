import type { CarriedLoad, LoadProblem, MachineShare } from '../card.ts';
import { batchHeaderShareBytes, recordBytesOf } from './batches.ts';
import { largestMessageBytes, mostBeforeCompression, smallestBatchBytes } from './record-size.ts';
import { numberOf } from './server-properties.ts';
import type { KafkaSettings } from './settings.ts';

/** Batches for several partitions go to a broker in one request of up to this, like the Java client's `max.request.size`. */
export const maxRequestBytes = 1024 * 1024;

/** What a request has around its batches, at most: names, partitions, lengths. */
const requestFramingBytes = 64 * 1024;

/** Loads of which a broker would refuse everything, or every batch that has filled. */
export function loadProblems(settings: KafkaSettings, load: CarriedLoad): LoadProblem[] {
  const { serverProperties } = settings;
  return [
    ...sizeProblems(settings, load),
    ...(serverProperties['log.cleanup.policy']?.includes('compact') && load.keyBytes === null
      ? [
          {
            path: ['workload', 'keys'],
            message:
              'must not be none: a compacted topic takes no message without a key (the broker answers INVALID_RECORD); choose { distribution: uniform, cardinality: 1000 }, for example, or leave out log.cleanup.policy',
          },
        ]
      : []),
  ];
}

function sizeProblems(settings: KafkaSettings, load: CarriedLoad): LoadProblem[] {
  const { batchSizeBytes, partitions, serverProperties } = settings;
  const single = smallestBatchBytes(load.messageSizeBytes, load.keyBytes);
  const limits = (['message.max.bytes', 'log.segment.bytes'] as const).map((name) => ({
    name,
    most: numberOf(serverProperties, name),
  }));
  for (const { name, most } of limits) {
    const uncompressed = mostUncompressed(settings, load, most);
    if (single > uncompressed) {
      const largest = largestMessageBytes(uncompressed, load.keyBytes);
      return [tooLarge(['workload', 'messageSizeBytes'], largest, name, most)];
    }
    if (Math.max(single, batchSizeBytes) > uncompressed) {
      return [tooLarge(['settings', 'batchSizeBytes'], uncompressed, name, most)];
    }
  }
  const together = Math.min(maxRequestBytes, partitions * batchSizeBytes);
  const request = Math.max(single, batchSizeBytes, together) + requestFramingBytes;
  if (request > numberOf(serverProperties, 'socket.request.max.bytes')) {
    return [
      {
        path: ['settings', 'serverProperties', 'socket.request.max.bytes'],
        message: `must be at least ${text(request)}, what a request of these clients can come to: the broker breaks the connection of a larger one`,
      },
    ];
  }
  return [];
}

function tooLarge(path: string[], most: number, property: string, limit: number): LoadProblem {
  return {
    path,
    message: `must be at most ${text(most)}: with keys and framing a batch would exceed the broker's ${property}, ${text(limit)} (it answers MESSAGE_TOO_LARGE); lower it, or raise serverProperties: { ${property}: … }`,
  };
}

/** The largest batch, before compression, that comes to no more than this as it is sent, nor as the broker keeps it. */
function mostUncompressed(
  { compression, serverProperties }: KafkaSettings,
  load: CarriedLoad,
  most: number,
): number {
  const { 'compression.type': byBroker = 'producer' } = serverProperties;
  const kept = byBroker === 'producer' ? compression : byBroker;
  return Math.min(mostFor(compression, load, most), mostFor(kept, load, most));
}

function mostFor(codec: Codec, { compressionRatio }: CarriedLoad, most: number): number {
  if (codec === 'none' || codec === 'uncompressed') return most;
  // Snappy's best is 15, and all miss the ratio by 8 % at most.
  const ratio = Math.min(compressionRatio, 15) / surelyReached;
  return Math.max(mostBeforeCompression(most), Math.floor(most * ratio));
}

type Codec = KafkaSettings['compression'] | 'uncompressed';

const surelyReached = 1.25;

function text(bytes: number): string {
  return bytes.toLocaleString('en-US');
}

/** The heaps of its brokers, and every message once a replica, unless the user bounds what is kept. */
export function machineShare(settings: KafkaSettings, load: CarriedLoad): MachineShare {
  const { cluster, hosting, brokers = 1, heapMegabytes = 0 } = settings;
  if (cluster !== undefined || hosting !== undefined) return nothingOfThisMachine;
  const keeps = keptAtMost(settings);
  return {
    diskBytesPerMessage: storedBytesOf(settings, load),
    ...(keeps ? { keeps } : {}),
    memoryBytes: brokers * heapMegabytes * 1024 * 1024,
    memoryBytesPerMessage: 0,
    mostOfDisk: 1,
    mostOfMemory: 1,
  };
}

/** What a message takes on disks, all replicas together. */
export function storedBytesOf(settings: KafkaSettings, load: CarriedLoad): number {
  const stored = recordBytesOf(load) / storedRatio(settings, load);
  return settings.replicationFactor * (stored + batchHeaderShareBytes(settings, load));
}

/** A broker first looks for what to delete so long after its start (`log.initial.task.delay.ms`). */
export const firstLookSeconds = 30;
/** Those on this machine look every second after that (terraform/kafka/local), and the disk takes a while. */
const untilDeletedSeconds = firstLookSeconds + 5;

/** What is left where old segments are deleted: what is to be kept, the segment that is being filled, what came since. */
function keptAtMost(settings: KafkaSettings): MachineShare['keeps'] {
  const { partitions, replicationFactor, serverProperties } = settings;
  const { 'log.retention.bytes': bytes = -1, 'log.retention.ms': ms = -1 } = serverProperties;
  const isDeleted = (serverProperties['log.cleanup.policy'] ?? 'delete').includes('delete');
  if (!isDeleted || (bytes < 0 && ms < 0)) return undefined;
  const segment = numberOf(serverProperties, 'log.segment.bytes');
  // Where both bound it, the one in bytes is what is surely reached.
  const keptBytes = Math.max(0, bytes) + segment;
  return {
    bytes: partitions * replicationFactor * keptBytes,
    seconds: untilDeletedSeconds + (bytes < 0 ? ms / 1_000 : 0),
  };
}

const nothingOfThisMachine: MachineShare = {
  diskBytesPerMessage: 0,
  memoryBytes: 0,
  memoryBytesPerMessage: 0,
  mostOfDisk: 1,
  mostOfMemory: 1,
};

/** How many times smaller messages lie on the disk, whoever compresses them. */
function storedRatio(
  { compression, serverProperties }: KafkaSettings,
  { compressionRatio }: CarriedLoad,
): number {
  const { 'compression.type': byBroker = 'producer' } = serverProperties;
  const codec = byBroker === 'producer' ? compression : byBroker;
  return codec === 'none' || codec === 'uncompressed' ? 1 : compressionRatio;
}
