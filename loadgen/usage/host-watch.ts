import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { HostUsage } from '../../src/contracts/documents/load-parts.ts';

/** Processor time of all cores together since the machine was started, in any unit. */
export interface HostTimes {
  total: number;
  /** Neither idle nor waiting for a disk; what a hypervisor took away is busy too. */
  busy: number;
  /** What a hypervisor took away; null where that is not told. */
  stolen: number | null;
}

/** What happened between two readings; null when there was no time between them. */
export function hostUsage(before: HostTimes, after: HostTimes, cpuCount: number): HostUsage | null {
  const total = after.total - before.total;
  if (total <= 0) return null;
  const share = (begin: number, end: number) => Math.min(1, Math.max(0, (end - begin) / total));
  return {
    cpuCount,
    cpuUtilization: share(before.busy, after.busy),
    stealUtilization:
      before.stolen === null || after.stolen === null ? null : share(before.stolen, after.stolen),
  };
}

/** null where the machine does not tell. */
export function readHostTimes(): HostTimes | null {
  try {
    if (process.platform === 'linux') return parseHostTimes(readFileSync('/proc/stat', 'latin1'));
  } catch {
    return null;
  }
  const cores = cpus().map(({ times }) => times);
  const total = cores.reduce(
    (sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq,
    0,
  );
  return { total, busy: total - cores.reduce((sum, { idle }) => sum + idle, 0), stolen: null };
}

/** The first line of /proc/stat: `cpu user nice system idle iowait irq softirq steal guest guest_nice`, in ticks. */
export function parseHostTimes(stat: string): HostTimes | null {
  const [name, ...fields] = (stat.split('\n')[0] ?? '').split(/\s+/);
  const ticks = fields.map(Number);
  if (name !== 'cpu' || ticks.length < 4 || ticks.some(Number.isNaN)) return null;
  // Guests are part of `user` and `nice`.
  const total = ticks.slice(0, 8).reduce((sum, value) => sum + value, 0);
  const [idle = 0, iowait = 0] = ticks.slice(3, 5);
  return { total, busy: total - idle - iowait, stolen: ticks[7] ?? null };
}
