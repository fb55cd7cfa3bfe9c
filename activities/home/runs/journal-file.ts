import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { emptyJournal, type Journal, parseJournal, readLine } from './journal.ts';

/** Follows a journal that is being written. */
export interface JournalTail {
  journal: Journal;
  /** Bytes read so far. */
  size: number;
  /** Reads what was added. */
  read(): void;
}

/** Starts at the journal's beginning; the file may come to exist later. */
export function followJournal(file: string): JournalTail {
  let rest = Buffer.alloc(0);
  const tail: JournalTail = {
    journal: emptyJournal(),
    size: 0,
    read() {
      const added = readFrom(file, tail.size);
      if (added.length === 0) return;
      tail.size += added.length;
      // Lines are cut as bytes: a character may lie across two reads.
      const bytes = Buffer.concat([rest, added]);
      const end = bytes.lastIndexOf(10) + 1;
      rest = bytes.subarray(end);
      for (const line of bytes.subarray(0, end).toString('utf8').split('\n')) readLine(tail.journal, line);
    },
  };
  return tail;
}

/** Reads a journal whose run is over; empty where there is none. */
export function readJournal(file: string): Journal {
  try {
    return parseJournal(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return emptyJournal();
    throw error;
  }
}

function readFrom(file: string, position: number): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
  try {
    const buffer = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - position));
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, position));
  } finally {
    closeSync(descriptor);
  }
}
