import { accessSync, constants, mkdirSync } from 'node:fs';
import { systemWords } from '../../machine/written/read-text.ts';
import { UserError, wrongUse } from '../../user-error.ts';

/**
 * Makes the home's folder where there is none.
 * @throws UserError where it cannot be made, or not be written to
 */
export function makeHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true });
    accessSync(home, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UserError(
      `The home ${home} cannot be used: ${whyUnusable(error as NodeJS.ErrnoException)}. Name a folder of yours with COMPARATOR_HOME.`,
      wrongUse,
      { cause: error },
    );
  }
}

function whyUnusable(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EEXIST':
      return 'it is a file';
    case 'ENOTDIR':
      return 'a part of its path is no folder';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'you may not write there';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    default:
      return systemWords(error);
  }
}
