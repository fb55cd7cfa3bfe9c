import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import type { ProcessIdentity } from '../contracts/storage/process.ts';

/** Identifies a live process; null when there is none with that pid, or only its zombie. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const startToken = process.platform === 'linux' ? linuxStartToken(pid) : portableStartToken(pid);
  return startToken === null ? null : { pid, startToken };
}

/** Whether exactly this process still lives. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startToken === identity.startToken;
}

/** The processes that can see each other: two containers of one machine share its boot, and see none of each other's. */
export function pidNamespace(): string | null {
  return process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : null;
}

let bootId: string | undefined;

function linuxStartToken(pid: number): string | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return null;
  }
  // The command in parentheses may itself hold spaces and parentheses, so fields are counted after the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTimeTicks = fields[19];
  if (state === 'Z' || state === 'X' || startTimeTicks === undefined) return null;
  bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  return `${bootId}:${startTimeTicks}`;
}

function portableStartToken(pid: number): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [state, ...started] = line.split(/\s+/);
    return !state || state.startsWith('Z') ? null : started.join(' ');
  } catch {
    return null;
  }
}
