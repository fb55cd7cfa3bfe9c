import { afterEach, expect, test } from '@jest/globals';
import { say } from '../../src/cli/say.ts';
import { listenForInterrupts } from '../../src/cli/stack/interrupt.ts';

const interrupts = listenForInterrupts();
afterEach(() => interrupts.dispose());

test('nobody who reads is no reason to end: a pipe that was closed, or a terminal', () => {
  expect(say).toBeInstanceOf(Function);
  for (const code of ['EPIPE', 'EIO'])
    process.stderr.emit('error', Object.assign(new Error(`write ${code}`), { code }));
  const other = Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' });
  expect(() => process.stderr.emit('error', other)).toThrow('ENOSPC');
});
