import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Time since an arbitrary moment, in microseconds with fractions. It is the operating system's monotonic clock, so it
 * is the same in all threads and processes of a host (`performance.now()` alone counts from each thread's own start),
 * and no adjustment of the wall clock moves it. Below 2^53 µs for 285 years of uptime.
 */
export function monotonicMicros(): number {
  return performance.now() * 1_000 + threadOffsetMicros;
}

/**
 * Which clock that is: the same for all that `monotonicMicros` may be compared of. On Linux the kernel's start and the time
 * namespace tell it, so that containers of one machine share it; elsewhere the host's name does.
 */
export function clockIdentity(): string {
  try {
    const started = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${started} ${readlinkSync('/proc/self/ns/time')}`;
  } catch {
    return hostname();
  }
}

const threadOffsetMicros = measureOffset();

/** `performance.now()` is several times cheaper than `process.hrtime.bigint()`; both read the same clock. */
function measureOffset(): number {
  let best = { widthMs: Number.POSITIVE_INFINITY, offsetMicros: 0 };
  // The narrowest bracket was not interrupted between the two readings.
  for (let attempt = 0; attempt < 20; attempt++) {
    const beforeMs = performance.now();
    const micros = Number(process.hrtime.bigint()) / 1_000;
    const afterMs = performance.now();
    if (afterMs - beforeMs < best.widthMs) {
      best = { widthMs: afterMs - beforeMs, offsetMicros: micros - ((beforeMs + afterMs) / 2) * 1_000 };
    }
  }
  return best.offsetMicros;
}

/** Monotonic time of a wall-clock time. One anchor a session, lest an adjusted wall clock moves the schedule. */
export function epochMsToMonotonicMicros(epochMs: number): number {
  return monotonicMicros() + (epochMs - Date.now()) * 1_000;
}
