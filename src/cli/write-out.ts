import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemWords } from '../machine/written/read-text.ts';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * Writes a command's answer to a file that the user named.
 * @param isNew whether a file that is there already is left as it is, and that refused
 * @throws CliError when it cannot be written, with what to do
 */
export async function writeOut(path: string, text: string, { isNew = false } = {}): Promise<void> {
  await writeFile(path, text, { flag: isNew ? 'wx' : 'w' }).catch(refuse(path));
}

/**
 * Makes a folder for answers, where there is none.
 * @throws CliError when it cannot be made, with what to do
 */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch(refuse(path));
}

function refuse(path: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    const exitCode = isDiskFull(error.code) ? exitCodes.failed : exitCodes.wrongUse;
    throw new CliError(`${path} cannot be written: ${whyUnwritable(error, path)}`, exitCode, {
      cause: error,
    });
  };
}

function isDiskFull(code: string | undefined): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** Why the system does not let something be written, and what to do. */
export function whyUnwritable(error: NodeJS.ErrnoException, path: string): string {
  const { code } = error;
  if (isDiskFull(code)) return 'the disk is full; make room, or name another file';
  switch (code) {
    case 'ENOENT':
      return `there is no folder ${dirname(path)}; make it, or name another file`;
    case 'EEXIST':
      return 'it is there already; delete it first, or name another file';
    case 'EISDIR':
      return 'it is a folder; name a file in it';
    case 'ENOTDIR':
      return 'a part of its path is no folder; name another file';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'you may not write there; name another file';
    default:
      return `${systemWords(error)}; name another file`;
  }
}
