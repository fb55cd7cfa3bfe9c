import { describe, expect, test } from '@jest/globals';
import { experimentSchema } from '../../src/contracts/input/experiment.ts';
import { parseInput } from '../../src/contracts/input/problem.ts';
import type { CarriedLoad } from '../../src/technologies/card.ts';
import { guaranteeOf } from '../../src/technologies/guarantee.ts';
import { kinesis, kinesisSettingsSchema } from '../../src/technologies/kinesis.ts';
import { natsSettingsSchema } from '../../src/technologies/nats/settings.ts';
import { nats } from '../../src/technologies/nats.ts';

const workload = { load: { shape: 'constant', messagesPerSecond: 100 } };

function faults(technology: string, settings: object, more: object = {}): [string, string][] {
  const document = { name: 'mine', technology, target: 'existing', settings, workload, ...more };
  const parsed = parseInput(experimentSchema, document);
  return parsed.ok ? [] : parsed.errors.map(({ pointer, detail }) => [pointer, detail]);
}

const load: CarriedLoad = {
  messageSizeBytes: 1_000,
  keyBytes: null,
  hottestKeyShare: 0,
  compressionRatio: 1,
  messagesPerSecond: 1,
  mostMessagesPerSecond: 1,
  mostMessages: 1,
  seconds: 60,
  producers: 1,
  consumers: 1,
};

test.each(['nats', 'kinesis'])('%s needs a cluster, and only there', (technology) => {
  expect(faults(technology, { cluster: 'mine' })).toEqual([]);
  expect(faults(technology, {})).toEqual([
    ['/settings/cluster', expect.stringMatching(/must name a cluster/)],
  ]);
  expect(faults(technology, { cluster: 'mine' }, { target: 'local' })).toEqual([
    ['/settings/cluster', expect.stringMatching(/is for target: existing; leave it out/)],
  ]);
  expect(faults(technology, { cluster: 'host:4222' })).toEqual([
    ['/settings/cluster', expect.stringMatching(/must be 1 to 63 lower-case letters/)],
  ]);
});

describe('NATS servers that are there', () => {
  test('have their own flushing, which is neither set nor promised', () => {
    expect(faults('nats', { cluster: 'mine', syncInterval: '10s' })).toEqual([
      ['/settings/syncInterval', expect.stringMatching(/not ours to set: leave it out/)],
    ]);
    expect(faults('nats', { cluster: 'mine', durability: 'power-loss' })).toEqual([
      [
        '/settings/cluster',
        expect.stringMatching(/contradicts durability power-loss: when the servers flush is not seen/),
      ],
    ]);
    expect(faults('nats', { cluster: 'mine', durability: 'node-loss' })).toEqual([]);
    const once = natsSettingsSchema.parse({ cluster: 'mine', replicas: 3 });
    expect(once).not.toHaveProperty('syncInterval');
    expect(natsSettingsSchema.parse(once)).toEqual(once);
    expect(guaranteeOf(nats.acknowledgement(once))).toMatchObject({
      processCrash: 'survives',
      powerLoss: 'may-lose',
      nodeLoss: 'survives',
      copies: 2,
      flushed: null,
    });
  });

  test('take nothing of this machine, and messages of the usual size', () => {
    const settings = natsSettingsSchema.parse({ cluster: 'mine' });
    expect(nats.machineShare(settings, load)).toMatchObject({
      diskBytesPerMessage: 0,
      memoryBytesPerMessage: 0,
    });
    expect(nats.warnings(settings, load)).toEqual([]);
    const withIds = { ...settings, deduplicationWindowSeconds: 60 };
    expect(nats.warnings(withIds, { ...load, messageSizeBytes: 1_048_576 })).toEqual([
      expect.stringMatching(/are refused where the servers' max_payload is its default/),
    ]);
  });
});

describe('an account that is there', () => {
  test('takes larger records and warm streams, which no other target does', () => {
    expect(faults('kinesis', { cluster: 'mine', maxRecordKibibytes: 10_240 })).toEqual([]);
    const warm = { mode: 'on-demand', warmThroughputMebibytesPerSecond: 100 };
    expect(faults('kinesis', { cluster: 'mine', ...warm })).toEqual([]);
    expect(faults('kinesis', { cluster: 'mine', warmThroughputMebibytesPerSecond: 100 })).toEqual([
      [
        '/settings/warmThroughputMebibytesPerSecond',
        expect.stringMatching(/only for mode: on-demand with target: existing/),
      ],
    ]);
    const here = { target: 'local' };
    expect(faults('kinesis', { maxRecordKibibytes: 2_048 }, here)).toEqual([
      [
        '/settings/maxRecordKibibytes',
        expect.stringMatching(/only target: existing has records of more than 1,024 KiB/),
      ],
    ]);
    expect(faults('kinesis', { maxRecordKibibytes: 1_024 }, here)).toEqual([]);
    expect(faults('kinesis', warm, here).map(([pointer]) => pointer)).toEqual([
      '/settings/warmThroughputMebibytesPerSecond',
    ]);
  });

  test('bounds messages by what the stream was told to take', () => {
    const most = (settings: object) =>
      kinesis.loadProblems(kinesisSettingsSchema.parse(settings), { ...load, messageSizeBytes: 2_000_000 });
    expect(most({})).toEqual([
      { path: ['workload', 'messageSizeBytes'], message: expect.stringMatching(/must be at most 1,048,563/) },
    ]);
    expect(most({ cluster: 'mine', maxRecordKibibytes: 2_048 })).toEqual([]);
  });

  test('says what a warm stream takes', () => {
    const ceiling = (settings: object) => kinesis.ceiling(kinesisSettingsSchema.parse(settings), load);
    expect(ceiling({ mode: 'on-demand' })?.messagesPerSecond).toBe(4_000);
    expect(
      ceiling({ mode: 'on-demand', cluster: 'mine', warmThroughputMebibytesPerSecond: 100 }),
    ).toMatchObject({
      messagesPerSecond: 100_000,
      source: expect.stringMatching(/warmed up takes 100 MiB\/s or 100,000 records\/s/),
    });
  });

  test('may read by enhanced fan-out, which the emulator of this machine may not', () => {
    expect(faults('kinesis', { cluster: 'mine', consumer: 'enhanced-fan-out' })).toEqual([]);
    expect(faults('kinesis', { consumer: 'enhanced-fan-out' }, { target: 'local' })).toEqual([
      [
        '/settings/consumer',
        expect.stringMatching(/cannot be emulated on the local target: the emulator looks/),
      ],
    ]);
  });
});
