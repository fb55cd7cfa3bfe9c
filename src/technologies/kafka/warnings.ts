import type { CarriedLoad } from '../card.ts';
import { batchHeaderShareBytes, recordBytesOf } from './batches.ts';
import { firstLookSeconds } from './fit.ts';
import { mskPartitionsWarning } from './msk.ts';
import { numberOf } from './server-properties.ts';
import type { KafkaSettings } from './settings.ts';

/** What works, and is not what it looks like. */
export function warnings(settings: KafkaSettings, load: CarriedLoad): string[] {
  const { acks, replicationFactor, serverProperties, idempotence, producerClient } = settings;
  const all = acks === 'all';
  return [
    all && replicationFactor === 1 && 'acks all with one replica waits for the leader alone, as acks 1 does',
    all &&
      replicationFactor > 1 &&
      numberOf(serverProperties, 'min.insync.replicas') === 1 &&
      'acks all with min.insync.replicas 1 also acknowledges what only one replica has',
    idempotence &&
      producerClient !== 'flat' &&
      `the idempotent producer of ${producerClient} sends one request at a time and retries out of sight`,
    deletionWarning(settings, load),
    groupWarning(settings, load),
    mskPartitionsWarning(settings),
  ].filter((warning) => warning !== false);
}

/** Only segments that are full are deleted, whether or not they were read. */
function deletionWarning(settings: KafkaSettings, load: CarriedLoad): string | false {
  const { partitions, serverProperties } = settings;
  const { 'log.retention.bytes': bytes = -1, 'log.retention.ms': ms = -1 } = serverProperties;
  if (!(serverProperties['log.cleanup.policy'] ?? 'delete').includes('delete')) return false;
  const { messagesPerSecond, seconds } = load;
  const record = recordBytesOf(load) + batchHeaderShareBytes(settings, load);
  const hottestShare = Math.max(1 / partitions, load.hottestKeyShare);
  const written = (messagesPerSecond ?? Number.POSITIVE_INFINITY) * seconds * hottestShare * record;
  const segment = numberOf(serverProperties, 'log.segment.bytes');
  const byTime = ms >= 0 && seconds > ms / 1_000 && written > segment;
  const bySize = bytes >= 0 && written > bytes + segment;
  if (seconds <= firstLookSeconds || !(byTime || bySize)) return false;
  const bound = byTime ? `log.retention.ms ${ms}` : `log.retention.bytes ${bytes}`;
  return `with ${bound} the brokers may delete messages while the load lasts: those that no consumer has read by then are lost`;
}

/** What a group keeps of a member and of a partition, roughly: names, subscriptions and assignments; a commit. */
const groupBytes = { member: 400, assignment: 8, commit: 150, framing: 200 };

/** The topic in which groups are kept takes no larger batches than any other. */
function groupWarning(settings: KafkaSettings, { consumers }: CarriedLoad): string | false {
  const { partitions, consumerClient, serverProperties } = settings;
  if (consumerClient === 'flat') return false;
  const { member, assignment, commit, framing } = groupBytes;
  const group = framing + consumers * member + partitions * assignment;
  const commits = framing + Math.ceil(partitions / consumers) * commit;
  const least = Math.max(group, commits);
  const most = numberOf(serverProperties, 'message.max.bytes');
  return (
    most < least &&
    `message.max.bytes ${most} also bounds what the brokers keep of the group of ${consumers} consumers, some ${least} bytes: they may not get their partitions; raise it, or use consumerClient: flat`
  );
}
