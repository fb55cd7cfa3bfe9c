import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { say } from '../../src/cli/say.ts';
import { listenForInterrupts } from '../../src/cli/stack/interrupt.ts';
import { projectRoot } from '../../src/config.ts';

const interrupts = listenForInterrupts();
afterEach(() => interrupts.dispose());

test('nobody who reads is no reason to end: a pipe that was closed, or a terminal', () => {
  expect(say).toBeInstanceOf(Function);
  for (const code of ['EPIPE', 'EIO'])
    process.stderr.emit('error', Object.assign(new Error(`write ${code}`), { code }));
});

test('an answer that cannot be written is told once, and is no success', async () => {
  const { exitCode, stderr } = await execa(
    'sh',
    [
      '-c',
      '"$0" "$1" explain --json > /dev/full',
      process.execPath,
      join(projectRoot, 'test/cli/support/main.ts'),
    ],
    { reject: false },
  );
  expect(stderr.match(/cannot be written: the disk is full/g)).toHaveLength(1);
  expect(stderr).not.toMatch(/ at .*:\d+:\d+/);
  expect(exitCode).toBe(1);
});
