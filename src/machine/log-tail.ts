import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';

const maxLogBytes = 20_000_000;
const maxTailBytes = 32_768;

/** Size of a file in bytes, 0 where there is none. */
export function fileSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Puts a log aside once it is large, so that logs do not grow for ever. Returns where the next line will begin. */
export function beginLog(file: string): number {
  const size = fileSize(file);
  if (size <= maxLogBytes) return size;
  renameSync(file, `${file}.1`);
  return 0;
}

/** The last lines of a log, none from before `fromByte`; none where there is no log. */
export function tailLog(file: string, fromByte: number, lineCount = 15): string[] {
  if (fileSize(file) === 0) return [];
  const descriptor = openSync(file, 'r');
  try {
    const size = fstatSync(descriptor).size;
    const start = Math.max(Math.min(fromByte, size), size - maxTailBytes);
    const buffer = Buffer.alloc(size - start);
    if (buffer.length === 0) return [];
    readSync(descriptor, buffer, 0, buffer.length, start);
    return buffer.toString('utf8').trimEnd().split('\n').slice(-lineCount);
  } finally {
    closeSync(descriptor);
  }
}
