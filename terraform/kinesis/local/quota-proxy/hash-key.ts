import { hash } from 'node:crypto';

/** An open shard and the hash keys it takes, both ends included. */
export interface OpenShard {
  shardId: string;
  startingHashKey: bigint;
  endingHashKey: bigint;
}

/** The 128-bit number by which a record finds its shard: MD5 of the partition key's UTF-8 bytes, unless one is given. */
export function hashKeyOf(partitionKey: string, explicitHashKey?: string): bigint {
  return BigInt(explicitHashKey ? explicitHashKey : `0x${hash('md5', partitionKey)}`);
}

/**
 * The shard that takes a hash key, by bisection.
 * @param shards sorted by their first hash key; together they take every key
 */
export function shardOf(shards: readonly OpenShard[], hashKey: bigint): OpenShard | undefined {
  let low = 0;
  let high = shards.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((shards[middle] as OpenShard).startingHashKey <= hashKey) low = middle;
    else high = middle - 1;
  }
  return shards[low];
}

/** Shards as ListShards names them. */
export interface ListedShard {
  ShardId: string;
  HashKeyRange: { StartingHashKey: string; EndingHashKey: string };
  SequenceNumberRange: { EndingSequenceNumber?: string };
}

/** Those that take records, as `shardOf` wants them: a shard that was split or merged has an ending sequence number. */
export function openShards(listed: readonly ListedShard[]): OpenShard[] {
  return listed
    .filter(({ SequenceNumberRange }) => !SequenceNumberRange.EndingSequenceNumber)
    .map(({ ShardId, HashKeyRange }) => ({
      shardId: ShardId,
      startingHashKey: BigInt(HashKeyRange.StartingHashKey),
      endingHashKey: BigInt(HashKeyRange.EndingHashKey),
    }))
    .sort((a, b) => (a.startingHashKey < b.startingHashKey ? -1 : 1));
}
