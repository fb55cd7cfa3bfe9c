import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const shape = `
  CREATE TABLE work (
    id TEXT PRIMARY KEY,
    place TEXT NOT NULL,
    etag TEXT,
    state TEXT NOT NULL,
    ended TEXT NOT NULL,
    technology TEXT, target TEXT, phase TEXT, outcome TEXT, comparison TEXT, name TEXT NOT NULL,
    summary TEXT NOT NULL
  ) STRICT;
  CREATE INDEX work_in_order
    ON work (place, state, technology, target, phase, outcome, comparison, name);
  CREATE INDEX work_by_state ON work (state);`;

const busy = 5;

/**
 * A database of summaries in a file, for one process alone, or in memory where there can be none: it is a copy, which
 * begins anew whenever it is of something else, or cannot be read.
 * @param file null for one in memory
 * @param subject what it is a copy of
 * @param told of a file that cannot be used, and why
 */
export function openSummaries(
  file: string | null,
  subject: string,
  told: (reason: Error) => void,
): DatabaseSync {
  if (file !== null) {
    try {
      return openFile(file, subject);
    } catch (error) {
      told(error as Error);
      if ((error as { errcode?: number }).errcode !== busy) return openAnew(file, subject);
    }
  }
  return prepared(new DatabaseSync(':memory:'), subject);
}

/** Removes a file that has failed; whoever still has it open keeps it to himself. */
export function discardSummaries(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(file + end, { force: true });
}

/** Whether the database itself has failed, as a full or broken disk makes it. */
export function isDatabaseFault(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_SQLITE_ERROR';
}

function openAnew(file: string, subject: string): DatabaseSync {
  try {
    discardSummaries(file);
    return openFile(file, subject);
  } catch {
    return prepared(new DatabaseSync(':memory:'), subject);
  }
}

function openFile(file: string, subject: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return prepared(new DatabaseSync(file), subject);
}

function prepared(database: DatabaseSync, subject: string): DatabaseSync {
  try {
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA cache_size = -32768;
      BEGIN IMMEDIATE;
      CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`);
    const known = database.prepare("SELECT value FROM about WHERE name = 'subject'").get()?.value;
    const is = createHash('sha256').update(`${shape}\0${subject}`).digest('hex');
    if (known !== is) {
      database.exec(`DROP TABLE IF EXISTS work; DELETE FROM about; ${shape}`);
      database.prepare("INSERT INTO about VALUES ('subject', ?)").run(is);
    }
    database.exec('COMMIT');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
