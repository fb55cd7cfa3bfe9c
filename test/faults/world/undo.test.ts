import { expect, test } from '@jest/globals';
import { undoAll } from './undo.ts';

test('every step is undone, the last first, also when one of them fails; once', async () => {
  const undone: string[] = [];
  const steps = [
    () => void undone.push('first'),
    async () => {
      throw new Error('the folder is gone');
    },
    () => void undone.push('last'),
  ];
  await expect(undoAll(steps)).rejects.toThrow('the folder is gone');
  expect(undone).toEqual(['last', 'first']);
  await undoAll(steps);
  expect(undone).toHaveLength(2);
});
