import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ProcessIdentity, Whereabouts } from '../contracts/storage/process.ts';

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

/** Where this very process is. */
export function ownWhereabouts(host = hostname()): Whereabouts {
  const boot = bootOf(identifyProcess(process.pid));
  return { host, boot, pidNamespace: pidNamespace(), machine: machineId() };
}

/** The id that a Linux system was given when it was installed. */
export function machineId(): string | null {
  try {
    return readFileSync('/etc/machine-id', 'latin1').trim() || null;
  } catch {
    return null;
  }
}

/** The boot that a process was started in; null where its identity does not tell. */
export function bootOf(identity: ProcessIdentity | null): string | null {
  const [boot, ticks] = identity?.startToken.split(':') ?? [];
  return process.platform === 'linux' && boot && ticks ? boot : null;
}

/**
 * Whether what runs at one place can be seen from another. Within a boot the pid namespace tells, whatever the names; a
 * host keeps its boot when its name changes. A boot ends all that ran, and the host keeps its name and id over it; by the
 * name alone it is not known, for what moves between machines, such as a container, takes it along.
 */
export function isSameHost(one: Whereabouts, other: Whereabouts): boolean {
  const sameBoot = one.boot !== null && one.boot === other.boot;
  if (!sameBoot) return one.host === other.host && isSameMachine(one, other);
  return one.pidNamespace === null || other.pidNamespace === null || one.pidNamespace === other.pidNamespace;
}

function isSameMachine(one: Whereabouts, other: Whereabouts): boolean {
  const isTold = one.boot !== null && other.boot !== null && one.machine !== undefined;
  if (!isTold || other.machine === undefined) return true;
  return one.machine !== null && one.machine === other.machine;
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
