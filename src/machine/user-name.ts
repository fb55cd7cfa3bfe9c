import { userInfo } from 'node:os';
import type { Environment } from './inherited-environment.ts';

/**
 * The user's name as terraform gives it to its locks: the password file's, else USER's. In a container, the password file
 * may not know the user, which Node says with an error; where USER is not set either, a name is made of the number.
 */
export function userName({ USER }: Environment, ask = () => userInfo().username): string {
  try {
    return ask();
  } catch {
    return USER || `user-${process.getuid?.() ?? 0}`;
  }
}
