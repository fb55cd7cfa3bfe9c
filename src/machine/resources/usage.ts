import { readFileSync } from 'node:fs';

/** What a process has used since it began; null what this machine does not tell. */
export interface ProcessUsage {
  cpuSeconds: number;
  /** The most that it ever had in memory. */
  peakMemoryBytes: number | null;
  /** From and to the disk itself, what the operating system had in memory not counted. */
  diskReadBytes: number | null;
  diskWriteBytes: number | null;
}

/** Linux tells processor time in these, whatever its own clock. */
const ticksPerSecond = 100;

/** What a process uses, as Linux tells it from outside; null of a process that is gone, and on other systems. */
export function processUsage(pid: number): ProcessUsage | null {
  if (process.platform !== 'linux') return null;
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The command in parentheses may itself hold spaces and parentheses, so fields are counted after the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readOrNull(`/proc/${pid}/status`) ?? '';
  // Only for processes of the same user.
  const io = readOrNull(`/proc/${pid}/io`) ?? '';
  const kibibytes = numberIn(status, /^VmHWM:\s+(\d+) kB$/m);
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    peakMemoryBytes: kibibytes === null ? null : kibibytes * 1_024,
    diskReadBytes: numberIn(io, /^read_bytes: (\d+)$/m),
    diskWriteBytes: numberIn(io, /^write_bytes: (\d+)$/m),
  };
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return null;
  }
}

function numberIn(text: string, pattern: RegExp): number | null {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}
