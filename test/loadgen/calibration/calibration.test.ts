import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { calibrateOnce, knownCalibration } from '../../../loadgen/calibration/calibration.ts';
import { describeHost } from '../../../loadgen/host.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'calibration-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the machine is calibrated once a process, beside its event loop, and leaves nothing', async () => {
  expect(describeHost().calibration).toBeNull();
  let beats = 0;
  const timer = setInterval(() => beats++, 5);
  const [first, second] = await Promise.all([calibrateOnce(folder), calibrateOnce(folder)]);
  clearInterval(timer);
  expect(beats).toBeGreaterThan(5);
  expect(second).toBe(first);
  expect(describeHost().calibration).toBe(first);
  expect(knownCalibration()).toEqual({
    loopMillionsPerSecond: expect.any(Number),
    hashMegabytesPerSecond: expect.any(Number),
    copyMegabytesPerSecond: expect.any(Number),
    fsyncP50Ms: expect.any(Number),
  });
  expect(Math.min(...Object.values(first ?? {}).map(Number))).toBeGreaterThan(0);
  expect(readdirSync(folder)).toEqual([]);
});
