import { expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { codecsToRead, registerCodec } from '../../../../loadgen/drivers/kafka/kafkajs/compression.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;

test('a consumer reads what the broker compresses', async () => {
  expect(codecsToRead({ compression: 'none', serverProperties: {} })).toEqual(['none', 'producer']);
  expect(codecsToRead({ compression: 'lz4', serverProperties: { 'compression.type': 'zstd' } })).toEqual([
    'lz4',
    'zstd',
  ]);
});

test('of a cluster, whose settings are not ours, whatever it compresses with', async () => {
  const settings = { cluster: 'staging', compression: 'none', serverProperties: {} } as const;
  await Promise.all(codecsToRead(settings).map(registerCodec));
  const text = Buffer.from('a message '.repeat(100));
  for (const type of [CompressionTypes.ZSTD, CompressionTypes.Snappy, CompressionTypes.LZ4] as const) {
    const codec = CompressionCodecs[type as 2 | 3 | 4]() as {
      compress(encoder: { buffer: Buffer }): Promise<Buffer>;
      decompress(data: Buffer): Promise<Buffer>;
    };
    const compressed = await codec.compress({ buffer: text });
    expect(compressed.length).toBeLessThan(text.length);
    expect(Buffer.from(await codec.decompress(compressed))).toEqual(text);
  }
});
