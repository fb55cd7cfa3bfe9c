import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { Calibration } from '../../src/contracts/documents/load-parts.ts';

// A thread of its own, for it keeps whatever it runs on busy; what it says is the one message that it sends.

/** How often each work is done once it is compiled and its memory fetched, and which of its times counts. */
const uncounted = 2;
const trials = 11;
const countedRank = 2;
const loopRounds = 4 * 1_024 * 1_024;
const hashBytes = 4 * 1_024 * 1_024;
/** More than caches near to a core hold. */
const copyBytes = 16 * 1_024 * 1_024;
const fsyncs = 15;
/** On a slow disk fewer have to do. */
const fsyncBudgetMs = 150;
const fewestFsyncs = 3;

/**
 * Seconds that each work takes, by what it took in its better trials. The works take turns, for what disturbs one trial
 * disturbs the next; and who shares the machine for a moment says nothing of how fast it is.
 */
function secondsOf<Work extends string>(works: Record<Work, () => void>): Record<Work, number> {
  const all = Object.entries(works) as [Work, () => void][];
  const taken = new Map(all.map(([name]) => [name, [] as number[]]));
  for (let trial = 0; trial < uncounted + trials; trial++) {
    for (const [name, work] of all) {
      const start = performance.now();
      work();
      if (trial >= uncounted) taken.get(name)?.push(performance.now() - start);
    }
  }
  const better = (values: readonly number[] = []) => values.toSorted((a, b) => a - b)[countedRank] as number;
  return Object.fromEntries(all.map(([name]) => [name, better(taken.get(name)) / 1_000])) as Record<
    Work,
    number
  >;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

let sink = 1;

/** Xorshift: each round needs the one before, so that it says how fast one core counts. */
function loop(): void {
  let state = sink | 1;
  for (let round = 0; round < loopRounds; round++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
  }
  sink = state;
}

/** Milliseconds until 4 KiB are on the disk, in the middle; null where the folder takes no file. */
function fsyncMs(folder: string): number | null {
  try {
    const own = mkdtempSync(join(folder, 'calibration-'));
    try {
      const file = openSync(join(own, 'writes'), 'w');
      const block = randomBytes(4_096);
      const taken: number[] = [];
      const begun = performance.now();
      while (taken.length < fsyncs) {
        const start = performance.now();
        if (taken.length >= fewestFsyncs && start - begun > fsyncBudgetMs) break;
        writeSync(file, block);
        fsyncSync(file);
        taken.push(performance.now() - start);
      }
      closeSync(file);
      return middle(taken);
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  } catch {
    return null;
  }
}

const source = randomBytes(copyBytes);
const copy = Buffer.alloc(copyBytes);
const hashed = source.subarray(0, hashBytes);
const seconds = secondsOf({
  loop,
  hash: () => createHash('sha256').update(hashed).digest(),
  copy: () => source.copy(copy),
});
const calibration: Calibration = {
  loopMillionsPerSecond: loopRounds / 1e6 / seconds.loop,
  hashMegabytesPerSecond: hashBytes / 1e6 / seconds.hash,
  copyMegabytesPerSecond: copyBytes / 1e6 / seconds.copy,
  fsyncP50Ms: fsyncMs(workerData.folder),
};
parentPort?.postMessage(calibration);
