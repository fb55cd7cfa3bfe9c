import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { claimHome, homeIdOf } from '../../../activities/control/home.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import { memoryStore } from '../../support/memory-store.ts';

const minute = 60_000;
const first = { id: 'first', folder: '/homes/first' };
const second = { id: 'second', folder: '/homes/second' };
let store: ReturnType<typeof memoryStore>;
/** The worker of the home `first` started, and went. */
beforeEach(async () => {
  store = memoryStore();
  await claimHome(store, first, witness(), 0);
});

function witness({ polling = '', open = 0 } = {}) {
  return { isPolling: async (id: string) => id === polling, openExperiments: async () => open };
}

const owner = async () => ((await store.getJson(s3Keys.home)) as { id: string }).id;

test('a home may start again at once, whatever is open', async () => {
  await claimHome(store, first, witness({ polling: 'first', open: 3 }), 1);
  expect(await owner()).toBe('first');
});

test('another home takes over from one that is silent and has left nothing', async () => {
  await claimHome(store, second, witness(), 2 * minute);
  expect(await owner()).toBe('second');
});

test('of two that start beside one that is silent, one takes over', async () => {
  const both = [second, { id: 'third', folder: '/homes/third' }];
  const claims = await Promise.allSettled(both.map((home) => claimHome(store, home, witness(), 2 * minute)));
  expect(claims.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await owner()).toBe(both[claims.findIndex(({ status }) => status === 'fulfilled')]?.id);
});

test.each([
  ['whose worker has just started', witness(), 1],
  ['whose worker runs', witness({ polling: 'first' }), 2 * minute],
  ['with an open experiment', witness({ open: 1 }), 2 * minute],
])('a second home is refused beside one %s, and told what to do', async (_what, known, now) => {
  await expect(claimHome(store, second, known, now)).rejects.toThrow(/first on .*\n.*\nUse that home/);
  expect(await owner()).toBe('first');
});

test('a second home is refused while something of the first is in the bucket; a person may say that it is lost', async () => {
  await store.put(s3Keys.terraformState('left-1'), '{}');
  await expect(claimHome(store, second, witness(), 2 * minute)).rejects.toThrow('not destroyed yet');
  await store.delete([s3Keys.home]);
  await claimHome(store, second, witness(), 2 * minute);
  expect(await owner()).toBe('second');
});

test('a record that cannot be read keeps nobody out', async () => {
  await store.putJson(s3Keys.home, {});
  await claimHome(store, second, witness(), 1);
  expect(await owner()).toBe('second');
});

describe('the id of a home', () => {
  let folder: string;
  const file = () => join(folder, 'home.json');
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'comparator-home-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is kept', async () => {
    const id = await homeIdOf(store, folder);
    expect(id).toMatch(/^[0-9a-f]{8}$/);
    expect(await homeIdOf(store, folder)).toBe(id);
  });

  test('comes back from the bucket where its file was torn, and else is another', async () => {
    const id = await homeIdOf(store, folder);
    await claimHome(store, { id, folder }, witness(), 2 * minute);
    writeFileSync(file(), '');
    expect(await homeIdOf(store, folder)).toBe(id);
    expect(readFileSync(file(), 'utf8')).toContain(id);
    await claimHome(store, second, witness(), 4 * minute);
    writeFileSync(file(), '{"id"');
    const fresh = await homeIdOf(store, folder);
    expect(['second', id]).not.toContain(fresh);
    expect(await homeIdOf(store, folder)).toBe(fresh);
  });
});
