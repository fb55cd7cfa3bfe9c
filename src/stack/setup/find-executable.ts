import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { inheritedEnvironment } from '../../config.ts';

/** Looks a program up as a shell would. Returns its absolute path, or null when the PATH does not have it. */
export function findExecutable(name: string, path: string | undefined): string | null {
  for (const folder of (path ?? '').split(delimiter)) {
    // Relative folders on a PATH would mean another program in every working folder.
    if (!isAbsolute(folder)) continue;
    const file = join(folder, name);
    if (isExecutable(file)) return file;
  }
  return null;
}

/** The machine's Java: JAVA_HOME's, else the one on the PATH, else null. */
export function findJava(environment = inheritedEnvironment()): string | null {
  const home = usableJavaHome(environment);
  return home ? join(home, 'bin', 'java') : findExecutable('java', environment.PATH);
}

/** JAVA_HOME where it leads to a Java. Maven fails at one that leads nowhere, instead of looking at the PATH. */
export function usableJavaHome(environment = inheritedEnvironment()): string | undefined {
  const home = environment.JAVA_HOME;
  return home && isExecutable(join(home, 'bin', 'java')) ? home : undefined;
}

/** Whether this is a file that we may execute. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
