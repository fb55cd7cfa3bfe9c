import { expect, test } from '@jest/globals';
import { classifyInterrupt, listenForInterrupts } from '../../../src/cli/stack/interrupt.ts';

test.each([
  ['the first one', null, 0, 'first'],
  ['the same Ctrl-C passed on by the bootstrap', 1000, 1001, 'repeat'],
  ['one within the window', 1000, 1500, 'repeat'],
  ['a later one', 1000, 1501, 'second'],
] as const)('%s', (_, firstAtMs, nowMs, expected) => {
  expect(classifyInterrupt(firstAtMs, nowMs)).toBe(expected);
});

test('a doubled Ctrl-C is one interrupt, a later signal of another kind is the second', () => {
  let nowMs = 0;
  const interrupts = listenForInterrupts(() => nowMs);
  try {
    process.emit('SIGINT');
    nowMs = 1;
    process.emit('SIGINT');
    expect([interrupts.first.aborted, interrupts.second.aborted]).toEqual([true, false]);
    nowMs = 700;
    process.emit('SIGTERM');
    expect(interrupts.second.aborted).toBe(true);
  } finally {
    interrupts.dispose();
  }
});
