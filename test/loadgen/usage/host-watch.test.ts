import { describe, expect, test } from '@jest/globals';
import {
  type HostTimes,
  hostUsage,
  parseHostTimes,
  readHostTimes,
} from '../../../loadgen/usage/host-watch.ts';

describe('the first line of /proc/stat', () => {
  test('with what a hypervisor took, and without counting guests twice', () => {
    expect(parseHostTimes('cpu  100 10 50 1000 40 5 5 90 30 3\ncpu0 1 2 3 4')).toEqual({
      total: 1_300,
      busy: 260,
      stolen: 90,
    });
  });

  test('of a kernel that tells less', () => {
    expect(parseHostTimes('cpu 100 10 50 1000')).toEqual({ total: 1_160, busy: 160, stolen: null });
  });

  test.each(['', 'intr 5 6 7 8', 'cpu a b c d'])('none in %j', (text) => {
    expect(parseHostTimes(text)).toBeNull();
  });
});

describe('between two readings', () => {
  test('shares of all cores', () => {
    const before = { total: 1_000, busy: 500, stolen: 10 };
    expect(hostUsage(before, { total: 1_400, busy: 800, stolen: 30 }, 4)).toEqual({
      cpuCount: 4,
      cpuUtilization: 0.75,
      stealUtilization: 0.05,
    });
  });

  test('nothing where no time passed', () => {
    const times = { total: 100, busy: 50, stolen: 0 };
    expect(hostUsage(times, times, 2)).toBeNull();
  });
});

test('this machine tells', () => {
  const before = readHostTimes() as HostTimes;
  const began = performance.now();
  while (performance.now() - began < 200);
  const usage = hostUsage(before, readHostTimes() as HostTimes, 1);
  expect(usage?.cpuUtilization).toBeGreaterThan(0);
  expect(usage?.cpuUtilization).toBeLessThanOrEqual(1);
});
