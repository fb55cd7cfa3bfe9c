import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

const maxTailBytes = 8_192;

/** Size of a file in bytes, 0 where there is none. */
export function fileSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The last lines that a file got after its first `fromByte` bytes. */
export function logTail(file: string, fromByte: number, lines = 25): string {
  if (fileSize(file) === 0) return '';
  const descriptor = openSync(file, 'r');
  try {
    const size = fstatSync(descriptor).size;
    const start = Math.max(fromByte, size - maxTailBytes);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    readSync(descriptor, buffer, 0, buffer.length, start);
    return buffer.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } finally {
    closeSync(descriptor);
  }
}
