import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}

/** 50th and 99th percentile and the longest of times in ms, as a row of a table. */
export function row(what: string, ms: readonly number[]): string[] {
  const sorted = [...ms].sort((a, b) => a - b);
  return [what, ...[50, 99, 100].map((percent) => percentile(sorted, percent).toFixed(1))];
}

/** How long each call took that was accepted, in ms, from when it was due. */
export async function onSchedule(
  count: number,
  rate: number,
  call: () => Promise<boolean>,
): Promise<number[]> {
  const began = performance.now();
  const calls = Array.from({ length: count }, async (_, index) => {
    const dueMs = began + (index * 1_000) / rate;
    await delay(Math.max(0, dueMs - performance.now()));
    return (await call()) ? [performance.now() - dueMs] : [];
  });
  return (await Promise.all(calls)).flat();
}

/** Processor time of a process in ms. */
export function cpuMs(pid: number | null): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

export function megabytesOf(pid: number | null): number {
  return Math.round(
    Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024,
  );
}
