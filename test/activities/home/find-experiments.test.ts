import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findExperiments } from '../../../activities/home/find-experiments.ts';
import { placements } from '../../../activities/home/placements/registry.ts';
import { readConfig } from '../../../src/config.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import { memoryStore } from '../../support/memory-store.ts';

const streams = placements.kinesis.local;
let home: string;
let store: ReturnType<typeof memoryStore>;
let named: () => Promise<string[]>;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'comparator-find-'));
  store = memoryStore();
  if (streams) placements.kinesis.local = { ...streams, owners: () => named() };
  mkdirSync(join(home, 'experiments', 'folder-1'), { recursive: true });
  mkdirSync(join(home, 'experiments', '.removed-1'));
  await store.put(s3Keys.terraformState('state-1'), '{}');
});
afterEach(() => {
  if (streams) placements.kinesis.local = streams;
  rmSync(home, { recursive: true });
});

const find = () =>
  findExperiments({
    home,
    store,
    aws: { region: 'us-east-1', endpointUrl: null },
    installationId: 'inst',
    cloud: readConfig({}).cloud,
  } as never);

test('by folder, by state and by name, each once', async () => {
  named = async () => ['stream-1', 'state-1', 'No id'];
  expect(await find()).toEqual({ ids: ['folder-1', 'state-1', 'stream-1'], unlisted: [] });
});

test('what cannot be listed is told, and all else is found', async () => {
  named = () => Promise.reject(new Error('not authorized to perform: kinesis:ListStreams'));
  expect(await find()).toEqual({
    ids: ['folder-1', 'state-1'],
    unlisted: [
      {
        technology: 'kinesis',
        target: 'local',
        reason: 'not authorized to perform: kinesis:ListStreams',
      },
    ],
  });
});

test('a bucket that does not answer finds nothing: without it nothing can be told of anything', async () => {
  named = async () => [];
  store.list = () => Promise.reject(new Error('S3 is away'));
  await expect(find()).rejects.toThrow('S3 is away');
});

test('those whose time is over are told, as far as there is anything of them', async () => {
  named = async () => ['stream-1'];
  if (streams)
    placements.kinesis.local = {
      ...streams,
      owners: () => named(),
      expired: async () => ['stream-1', 'No id'],
    };
  expect(await find()).toMatchObject({ expired: ['stream-1'] });
});
