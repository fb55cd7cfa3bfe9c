import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { freeDiskBytes } from '../../src/machine/free-disk.ts';

test('room is looked for where the folder will be', () => {
  expect(freeDiskBytes('/')).toBeGreaterThan(0);
  const within = freeDiskBytes(join(tmpdir(), 'not', 'yet', 'there'));
  // Others write in the meantime.
  expect(Math.abs(within - freeDiskBytes(tmpdir()))).toBeLessThan(1e9);
});
