import { expect, test } from '@jest/globals';
import { readLock } from '../../../../activities/home/folder/lock-info.ts';
import { s3Keys } from '../../../../src/contracts/storage/s3-keys.ts';
import { memoryStore } from '../../../support/memory-store.ts';

async function lockOf(text: string) {
  const store = memoryStore();
  await store.put(s3Keys.terraformLock('exp-0001'), text);
  return await readLock(store, 'exp-0001');
}

const unset = new Date(0);

test.each(['', '{', 'null', '[]', '{}', '{"ID":""}', '{"ID":7}', '{"ID":"-help"}'])(
  'what is %p is a lock of nobody knows whom',
  async (text) => {
    expect(await lockOf(text)).toMatchObject({ ID: 'unreadable', Who: 'nobody knows whom' });
  },
);

test.each([
  ['{"ID":"a"}', { ID: 'a', Operation: 'unknown', Who: 'unknown', Created: unset }],
  ['{"ID":"a","Operation":null,"Who":7}', { ID: 'a', Operation: 'unknown', Who: 'unknown', Created: unset }],
  ['{"ID":"a","Created":null,"Who":"x@y"}', { ID: 'a', Operation: 'unknown', Who: 'x@y', Created: unset }],
  [
    '{"ID":"a","Created":8640000000000000}',
    { ID: 'a', Operation: 'unknown', Who: 'unknown', Created: unset },
  ],
  [
    '{"ID":"a","Operation":"OperationTypeApply","Who":"x@y","Created":"2026-11-28T20:00:00.123456789Z"}',
    { ID: 'a', Operation: 'OperationTypeApply', Who: 'x@y', Created: new Date('2026-11-28T20:00:00.123Z') },
  ],
])('of %s what can be read counts', async (text, lock) => {
  expect(await lockOf(text)).toEqual(lock);
});
