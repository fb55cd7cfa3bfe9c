import { closeSync, openSync, readSync, renameSync, statSync } from 'node:fs';

const maxLogBytes = 20_000_000;
const maxTailBytes = 32_768;

/** Puts a log aside once it is large, so that logs do not grow for ever. Returns where the next line will begin. */
export function beginLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= maxLogBytes) return size;
  renameSync(file, `${file}.1`);
  return 0;
}

/** The last lines of a log, none from before `fromByte`. */
export function tailLog(file: string, fromByte: number, lineCount = 15): string[] {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const start = Math.max(Math.min(fromByte, size), size - maxTailBytes);
  const buffer = Buffer.alloc(size - start);
  if (buffer.length === 0) return [];
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, buffer, 0, buffer.length, start);
  } finally {
    closeSync(descriptor);
  }
  return buffer.toString('utf8').trimEnd().split('\n').slice(-lineCount);
}
