import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { experimentEnvironment } from '../../../src/contracts/temporal/infrastructure-activities.ts';

/** A process as far as it matters here. */
interface Seen {
  args: string[];
  environment: string[];
}

/** Whether a terraform is none that a comparator started: it could hold any lock. */
export function isForeignTerraform({ args, environment }: Seen): boolean {
  const program = args[0]?.split('/').at(-1);
  if (program !== 'terraform' && program !== 'tofu') return false;
  return !environment.some((variable) => variable.startsWith(`${experimentEnvironment.terraformRun}=`));
}

/** Clocks are set while processes run, and tell when one was started to a hundredth of a second only. */
const startSlackMs = 5_000;
/** Of a second, in which Linux tells times of processes, whatever its kernel counts in. */
const ticksPerSecond = 100;

/** Whether a process was there when a lock was taken: one that came later cannot hold it. */
export function wasThere(at: Date, startedAtEpochMs: number): boolean {
  return startedAtEpochMs <= at.getTime() + startSlackMs;
}

/**
 * Whether this machine runs a terraform that no comparator started, and that was there when a lock was taken. Where that
 * cannot be seen, it may.
 */
export function foreignTerraformRuns(lockedAt: Date): boolean {
  if (process.platform !== 'linux') return foreignByPs();
  return readdirSync('/proc').some((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const args = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0');
      if (!/(^|\/)(terraform|tofu)$/.test(args[0] ?? '')) return false;
      if (!isForeignTerraform({ args, environment: readEnvironment(entry) })) return false;
      return wasThere(lockedAt, startOf(entry));
    } catch {
      return false;
    }
  });
}

/** When a process was started, in ms since 1970. */
function startOf(pid: string): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name in parentheses may hold anything; behind it, the start is the 20th field.
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const upSeconds = Number.parseFloat(readFileSync('/proc/uptime', 'latin1'));
  return Date.now() - (upSeconds - ticks / ticksPerSecond) * 1_000;
}

/** Another user's environment cannot be read, so that user's terraform counts as foreign. */
function readEnvironment(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function foreignByPs(): boolean {
  const output = execFileSync('ps', ['-axwwE', '-o', 'command='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return output.split('\n').some((line) => {
    const words = line.trim().split(/\s+/);
    return isForeignTerraform({ args: words.slice(0, 1), environment: words });
  });
}
