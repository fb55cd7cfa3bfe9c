import { beforeEach, expect, test } from '@jest/globals';
import { readDisturbances } from '../../../activities/control/disturbances.ts';
import { notingDisturbance } from '../../../activities/home/disturbance.ts';
import type { TimelineEntry } from '../../../src/contracts/documents/progress.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import { memoryStore } from '../../support/memory-store.ts';

let store: ReturnType<typeof memoryStore>;
beforeEach(() => {
  store = memoryStore();
});

const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
/** Measured from some minutes on until others. */
const timeline = (from: number, until: number): TimelineEntry[] => [
  { phase: 'provisioning', startedAt: at(from - 1), endedAt: at(from) },
  { phase: 'warming-up', startedAt: at(from), endedAt: at(from) },
  { phase: 'measuring', startedAt: at(from), endedAt: at(until) },
];

async function disturb(measured: (string | null | undefined)[], work = async () => 'done'): Promise<string> {
  const measuredNow = async () => (measured.length > 0 ? measured.shift() : null);
  return await notingDisturbance({ store, experimentId: 'late-1', measuredNow }, work);
}

test('whose measurement a destroy met is found by that one’s upload', async () => {
  expect(await disturb(['measured-1'])).toBe('done');
  expect(await readDisturbances(store, 'measured-1', timeline(-5, 5))).toEqual([
    expect.stringMatching(/^late-1 was destroyed at the same time, from 2.* until at least 2/),
  ]);
  expect(await readDisturbances(store, 'other-1', timeline(-5, 5))).toEqual([]);
});

test('one whose measurement begins while the destroy is under way is met too', async () => {
  await disturb([null, 'measured-1']);
  expect(await readDisturbances(store, 'measured-1', timeline(-5, 5))).toHaveLength(1);
});

test('one of which a look could not tell is found by the next', async () => {
  await disturb([undefined, 'measured-1']);
  expect(await readDisturbances(store, 'measured-1', timeline(-5, 5))).toHaveLength(1);
});

test.each([
  ['before it', timeline(1, 2)],
  ['after it', timeline(-9, -8)],
  ['without a load', [{ phase: 'queued' as const, startedAt: at(-5), endedAt: null }]],
])('what happened %s disturbed nothing', async (_, entries) => {
  await disturb(['measured-1']);
  expect(await readDisturbances(store, 'measured-1', entries)).toEqual([]);
});

test('what nobody met is not written down, and what cannot be written keeps nobody from the work', async () => {
  await disturb([]);
  expect(store.objects.size).toBe(0);
  store.putJson = () => Promise.reject(new Error('S3 is away'));
  expect(await disturb(['measured-1'])).toBe('done');
  await expect(disturb(['measured-1'], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('a note that cannot be read is none', async () => {
  await store.putJson(s3Keys.disturbance('measured-1', new Date(), 'late-1'), { by: 3 });
  expect(await readDisturbances(store, 'measured-1', timeline(-5, 5))).toEqual([]);
});
