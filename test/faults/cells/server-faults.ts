import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isS3, type Rule, unavailable } from '../world/proxy.ts';
import type { WorldFault } from './matrix.ts';
import { hitPart, type Injection, kill, type Strike } from './strike.ts';

const awayMs = 30_000;

/** A rule on the proxy for a while. */
const ruleFor =
  (rule: Rule, ms: number): Strike =>
  async ({ world }) => {
    const lift = world.proxy.apply(rule);
    await delay(ms);
    lift();
    return undefined;
  };

/** Fills what is left of the run folders' disk. */
function fillDisk(home: string): () => void {
  const file = join(home, 'experiments', '.filler');
  const descriptor = openSync(file, 'w');
  const block = Buffer.alloc(64 * 1024);
  try {
    for (;;) writeSync(descriptor, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(descriptor);
  }
  return () => rmSync(file, { force: true });
}

/** Servers and disks that are away for a while. */
export const serverFaults = {
  'temporal-killed': { strike: ({ world }) => hitPart(world, 'temporal', 'SIGKILL') },
  'aws-frozen': {
    async strike({ world }) {
      const emulator = world.part('aws');
      kill([emulator], 'SIGSTOP');
      return async () => {
        await delay(awayMs);
        kill([emulator], 'SIGCONT');
      };
    },
  },
  'aws-restarted': {
    async strike({ world }) {
      const restarted = world.restartEmulator(awayMs);
      return () => restarted;
    },
  },
  's3-unavailable': { strike: ruleFor({ matches: isS3, answer: unavailable }, 20_000) },
  'disk-full': {
    async strike({ world }) {
      const free = fillDisk(world.home);
      return async () => {
        await delay(10_000);
        free();
      };
    },
  },
  'home-full': {
    async strike({ world }) {
      const free = fillDisk(world.home);
      return async () => {
        await delay(10_000);
        free();
      };
    },
  },
} satisfies { [fault in WorldFault]?: Injection };
