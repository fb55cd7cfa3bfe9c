import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../user-error.ts';

/** A lock between processes. */
export interface Lock {
  /** Gives it back; again, it does nothing. */
  release(): void;
}

const sqliteBusy = 5;

/**
 * Takes a lock if it is free. The operating system gives it back when its holder ends, however that ends: it is
 * SQLite's own lock on a file, so there is no leftover to judge stale.
 * @returns null when another holds it
 * @throws UserError when the file cannot be made, or is something else
 */
export function tryLock(file: string): Lock | null {
  mkdirSync(dirname(file), { recursive: true });
  const database = open(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) return null;
    throw unusable(file, error);
  }
  let held = true;
  return {
    release: () => {
      if (held) database.close();
      held = false;
    },
  };
}

function open(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: 0 });
  } catch (error) {
    throw unusable(file, error);
  }
}

/** Not removed by itself: another may hold it. */
function unusable(file: string, error: unknown): UserError {
  const { message } = error as Error;
  return new UserError(
    `${file} cannot be used as a lock: ${message}. See that it can be written; if it is no empty file, remove it.`,
    1,
    { cause: error },
  );
}

/**
 * Takes a lock, waiting for whoever holds it.
 * @param onWait called once, when there is something to wait for
 */
export async function waitForLock(file: string, onWait: () => void = () => {}): Promise<Lock> {
  let lock = tryLock(file);
  if (!lock) onWait();
  while (!lock) {
    await delay(100);
    lock = tryLock(file);
  }
  return lock;
}
