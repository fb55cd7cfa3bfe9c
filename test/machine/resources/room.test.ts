import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { roomOf } from '../../../src/machine/resources/room.ts';

test('room is looked for where the folder will be', () => {
  expect(roomOf('/').diskBytes).toBeGreaterThan(0);
  const within = roomOf(join(tmpdir(), 'not', 'yet', 'there')).diskBytes;
  // Others write in the meantime.
  expect(Math.abs(within - roomOf(tmpdir()).diskBytes)).toBeLessThan(1e9);
});

test('memory is what the machine has, or less where less was given', () => {
  const { memoryBytes } = roomOf('/');
  expect(memoryBytes).toBeGreaterThan(100e6);
  expect(memoryBytes).toBeLessThanOrEqual(totalmem());
});
