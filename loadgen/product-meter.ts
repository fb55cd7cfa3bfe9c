import type { ProductUse } from '../src/contracts/documents/load-parts.ts';
import { isAlive } from '../src/machine/identity.ts';
import { readLaunchRecords } from '../src/machine/launched.ts';
import { type ProcessUsage, processUsage } from '../src/machine/resources/usage.ts';
import { monotonicMicros } from './measure/clock.ts';

/** A process of the product, and what it had used by then. */
type Reading = Map<number, ProcessUsage>;

/**
 * What the product's own processes use between two monotonic times, seen from outside. They are those that were launched
 * for the experiment beside the load generators; where there are none here, nothing is known.
 */
export class ProductMeter {
  private readonly runFolder: string;
  private readonly endMicros: number;
  private begin: Reading | null = null;
  private end: Reading | null = null;
  private readonly timers: NodeJS.Timeout[];

  constructor(runFolder: string, startMicros: number, endMicros: number) {
    this.runFolder = runFolder;
    this.endMicros = endMicros;
    const untilMs = (micros: number) => Math.max(0, (micros - monotonicMicros()) / 1_000);
    this.timers = [
      setTimeout(() => {
        this.begin = readingOf(runFolder);
      }, untilMs(startMicros)),
      setTimeout(() => this.read(), untilMs(endMicros)),
    ];
  }

  /** What was used until the end or until now, whichever came first; null where it cannot be said. */
  stop(): ProductUse | null {
    for (const timer of this.timers) clearTimeout(timer);
    if (this.end === null || monotonicMicros() < this.endMicros) this.read();
    return this.begin && this.end && usedBetween(this.begin, this.end);
  }

  private read(): void {
    this.end = readingOf(this.runFolder);
  }
}

function readingOf(runFolder: string): Reading {
  const reading: Reading = new Map();
  for (const { name, identity } of readLaunchRecords(runFolder)) {
    if (name.startsWith('generator') || identity === null || !isAlive(identity)) continue;
    const usage = processUsage(identity.pid);
    if (usage) reading.set(identity.pid, usage);
  }
  return reading;
}

/** null where there was nothing, or a process came or went: what it used is not known. */
function usedBetween(begin: Reading, end: Reading): ProductUse | null {
  const pids = [...begin.keys()];
  if (pids.length === 0 || pids.length !== end.size || !pids.every((pid) => end.has(pid))) return null;
  const total = (field: keyof ProcessUsage, from: Reading | null) =>
    pids.reduce<number | null>((sum, pid) => {
      const [used, before] = [end.get(pid)?.[field] ?? null, from ? (from.get(pid)?.[field] ?? null) : 0];
      return sum === null || used === null || before === null ? null : sum + used - before;
    }, 0);
  const cpuSeconds = total('cpuSeconds', begin);
  return {
    // It is counted in hundredths.
    cpuSeconds: cpuSeconds === null ? null : Math.round(cpuSeconds * 100) / 100,
    peakMemoryBytes: total('peakMemoryBytes', null),
    diskReadBytes: total('diskReadBytes', begin),
    diskWriteBytes: total('diskWriteBytes', begin),
  };
}
