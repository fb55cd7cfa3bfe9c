import { expect, test } from '@jest/globals';
import { processUsage } from '../../../src/machine/resources/usage.ts';
import { until } from '../../support/until.ts';

test('what a process uses is told, and grows as it works; on another system than Linux nothing is', async () => {
  const before = processUsage(process.pid);
  if (process.platform !== 'linux') {
    expect(before).toBeNull();
    return;
  }
  expect(before?.peakMemoryBytes).toBeGreaterThan(10e6);
  const own = process.cpuUsage();
  expect(before?.cpuSeconds).toBeGreaterThan(0);
  expect(before?.cpuSeconds).toBeLessThanOrEqual((own.user + own.system) / 1e6);
  await until('more of the processor', () => {
    const numbers = Array.from({ length: 1e6 }, (_, index) => Math.sqrt(index));
    expect(numbers.length).toBe(1e6);
    return (processUsage(process.pid)?.cpuSeconds ?? 0) > (before?.cpuSeconds ?? 0) + 0.05;
  });
});

test('of a process that is not there nothing is told', () => {
  expect(processUsage(2 ** 22 + 1)).toBeNull();
});
