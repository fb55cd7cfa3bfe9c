import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tryLock, waitForLock } from '../../src/machine/file-lock.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'comparator-lock-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('one holder at a time, also within one process', async () => {
  const file = join(folder, 'a');
  const first = tryLock(file);
  expect(first).not.toBeNull();
  expect(tryLock(file)).toBeNull();
  let waited = 0;
  const second = waitForLock(file, () => waited++);
  first?.release();
  first?.release();
  (await second).release();
  expect(waited).toBe(1);
});

test('a killed holder gives the lock back', async () => {
  const file = join(folder, 'b');
  const module = new URL('../../src/machine/file-lock.ts', import.meta.url).href;
  const script = `const { tryLock } = await import('${module}'); tryLock('${file}'); console.log('held'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  expect(tryLock(file)).toBeNull();
  const ended = once(holder, 'exit');
  holder.kill('SIGKILL');
  await ended;
  const lock = tryLock(file);
  expect(lock).not.toBeNull();
  lock?.release();
});

test('what is no lock is refused with its name', () => {
  const file = join(folder, 'no-lock');
  writeFileSync(file, 'something else');
  expect(() => tryLock(file)).toThrow(/no-lock cannot be used as a lock: .*remove it/);
  expect(readFileSync(file, 'utf8')).toBe('something else');
  expect(() => tryLock(folder)).toThrow(/cannot be used as a lock/);
});
