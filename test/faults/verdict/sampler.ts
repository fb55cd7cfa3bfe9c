import type { ProcessIdentity } from '../../../src/contracts/storage/process.ts';
import { isAlive } from '../../../src/machine/identity.ts';
import { measuringExperiments, terraformsOf } from '../world/processes.ts';
import type { AwsProxy } from '../world/proxy.ts';

/** What was seen of an experiment's terraforms and locks while it was watched. */
export interface Observed {
  /** Moments at which two of its terraforms lived at once, in words. */
  doubleWriters: string[];
  /** Locks that were removed while their holder lived, in words. */
  wronglyBrokenLocks: string[];
}

/** Experiments that had a broker or a load generator at the same moment. */
export interface Together {
  ids: string[];
  atEpochMs: number;
}

/** Looks at terraform processes again and again, and at every request about a state lock. */
export interface Sampler {
  watch(experimentId: string): void;
  /** Says that a lock which a test has planted is held by somebody who lives, until the returned function is called. */
  plantLive(experimentId: string, lockId: string): () => void;
  observed(experimentId: string): Observed;
  /** Moments since the last call at which brokers or load generators of several experiments lived at once. */
  together(): Together[];
  stop(): void;
}

interface Watched extends Observed {
  /** Who has put which lock. */
  holders: Map<string, ProcessIdentity>;
  live: Set<string>;
}

const everyMs = 40;
const togetherEveryMs = 150;

export function createSampler(home: string, proxy: Pick<AwsProxy, 'onLockRequest'>): Sampler {
  const watched = new Map<string, Watched>();
  const look = (id: string, one: Watched) => {
    const terraforms = terraformsOf(home, id);
    if (terraforms.length > 1) {
      const list = terraforms.map(({ identity, command }) => `${identity.pid} ${command}`).join(' | ');
      one.doubleWriters.push(`${new Date().toISOString()} ${list}`);
    }
    return terraforms;
  };
  const timer = setInterval(() => {
    for (const [id, one] of watched) look(id, one);
  }, everyMs);
  let seen: Together[] = [];
  const slowTimer = setInterval(() => {
    const ids = measuringExperiments(home);
    if (ids.length > 1) seen.push({ ids, atEpochMs: Date.now() });
  }, togetherEveryMs);
  proxy.onLockRequest(({ method, path }, body) => {
    const id = /\/state\/([^/]+)\//.exec(path)?.[1] ?? '';
    const one = watched.get(id);
    if (!one) return;
    const terraforms = look(id, one);
    if (method === 'PUT') {
      const lockId = lockIdOf(body);
      const holder = terraforms[0]?.identity;
      // A put that finds a lock is refused; the first one is the holder's.
      if (lockId && holder && !one.holders.has(lockId)) one.holders.set(lockId, holder);
    }
    if (method === 'DELETE') {
      for (const lockId of one.live) {
        one.wronglyBrokenLocks.push(
          `the planted lock ${lockId} was removed while its holder was said to live`,
        );
      }
      const [lockId, holder] = [...one.holders].at(-1) ?? [];
      const others = terraforms.filter(({ identity }) => identity.pid !== holder?.pid);
      if (holder && isAlive(holder) && others.length > 0) {
        one.wronglyBrokenLocks.push(
          `lock ${lockId} of terraform ${holder.pid} was removed by ${others[0]?.command}`,
        );
      }
    }
  });
  return {
    watch(id) {
      watched.set(id, {
        doubleWriters: [],
        wronglyBrokenLocks: [],
        holders: new Map(),
        live: new Set(),
      });
    },
    plantLive(id, lockId) {
      const live = watched.get(id)?.live;
      live?.add(lockId);
      return () => live?.delete(lockId);
    },
    observed(id) {
      const { doubleWriters = [], wronglyBrokenLocks = [] } = watched.get(id) ?? {};
      watched.delete(id);
      return { doubleWriters, wronglyBrokenLocks };
    },
    together() {
      const all = seen;
      seen = [];
      return all;
    },
    stop() {
      clearInterval(timer);
      clearInterval(slowTimer);
    },
  };
}

function lockIdOf(body: Buffer): string | null {
  // The Go SDK may send the body in signed chunks, so it is looked for, not parsed.
  return /"ID":"([^"]+)"/.exec(body.toString('latin1'))?.[1] ?? null;
}
