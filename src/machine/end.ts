import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity } from '../contracts/storage/process.ts';
import { isAlive } from './identity.ts';

/** Sends a signal to exactly this process. Returns false when it no longer lives. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Waits until the process is gone. Returns false when it still lives after `timeoutMs`. */
export async function waitUntilEnded(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(identity)) {
    if (Date.now() >= deadline) return false;
    await delay(20);
  }
  return true;
}

/**
 * Ends a process: asks with `signal`, and after `graceMs` insists with SIGKILL.
 * @throws when it lives even after SIGKILL (stuck in the kernel)
 */
export async function endProcess(
  identity: ProcessIdentity,
  { signal = 'SIGTERM', graceMs = 5_000 }: { signal?: NodeJS.Signals; graceMs?: number } = {},
): Promise<void> {
  if (!signalProcess(identity, signal)) return;
  if (await waitUntilEnded(identity, graceMs)) return;
  signalProcess(identity, 'SIGKILL');
  if (!(await waitUntilEnded(identity, 5_000))) {
    throw new Error(`process ${identity.pid} still lives 5 s after SIGKILL`);
  }
}
