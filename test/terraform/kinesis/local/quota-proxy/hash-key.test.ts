import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  hashKeyOf,
  openShards,
  shardOf,
} from '../../../../../terraform/kinesis/local/quota-proxy/hash-key.ts';

const end = 2n ** 128n - 1n;

/** As the service and the emulator cut the hash keys: evenly, the last shard with the rest. */
function listed(count: number) {
  const size = 2n ** 128n / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    ShardId: `shardId-${String(index).padStart(12, '0')}`,
    HashKeyRange: {
      StartingHashKey: String(BigInt(index) * size),
      EndingHashKey: String(index === count - 1 ? end : BigInt(index + 1) * size - 1n),
    },
    SequenceNumberRange: {},
  }));
}

test.each([
  ['', undefined, 0xd41d8cd98f00b204e9800998ecf8427en],
  ['partition', undefined, 0x7013ba9ba6d6ac58f8eba9ad2ed791c5n],
  ['Zürich', undefined, 0x103a821a3a6a0b923c9f74a39662bb51n],
  ['partition', '42', 42n],
])('the hash key of %p, with %p given explicitly', (partitionKey, explicit, expected) => {
  expect(hashKeyOf(partitionKey, explicit)).toBe(expected);
});

test('every hash key has the one shard whose range holds it', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: end }), fc.integer({ min: 1, max: 50 }), (hashKey, count) => {
      const shards = openShards(listed(count).reverse());
      const found = shardOf(shards, hashKey);
      const holders = shards.filter((one) => one.startingHashKey <= hashKey && hashKey <= one.endingHashKey);
      expect([found]).toEqual(holders);
    }),
  );
});

test('a shard that was split takes no more records', () => {
  const [parent, ...children] = [
    { ...listed(1)[0], SequenceNumberRange: { EndingSequenceNumber: '9' } },
    ...listed(2).map((child, index) => ({ ...child, ShardId: `child-${index}` })),
  ] as ReturnType<typeof listed>;
  const open = openShards([parent, ...children] as ReturnType<typeof listed>);
  expect(open.map(({ shardId }) => shardId)).toEqual(['child-0', 'child-1']);
});
