const seed = 0x9747b28c;
const mix = 0x5bd1e995;

/**
 * The partition of a key among so many: what Kafka's own clients choose, by MurmurHash2 in 32 bits. The libraries'
 * hashes compute with BigInt or Long, and at the rates this is for would cost more than everything else.
 */
export function partitionOfKey(key: Buffer, partitions: number): number {
  const { length } = key;
  let hash = seed ^ length;
  let offset = 0;
  for (; length - offset >= 4; offset += 4) {
    let word = Math.imul(key.readInt32LE(offset), mix);
    word = Math.imul(word ^ (word >>> 24), mix);
    hash = Math.imul(hash, mix) ^ word;
  }
  const left = length - offset;
  if (left > 0) {
    hash ^= key.readUIntLE(offset, left);
    hash = Math.imul(hash, mix);
  }
  hash = Math.imul(hash ^ (hash >>> 13), mix);
  hash ^= hash >>> 15;
  return (hash & 0x7fff_ffff) % partitions;
}
