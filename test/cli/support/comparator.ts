import { join } from 'node:path';
import { execa } from 'execa';
import { projectRoot } from '../../../src/config.ts';

/** Starts the client commands in a process of their own, as a person would; `url` is where the API is. */
export function comparator(args: readonly string[], url: string, environment: Record<string, string> = {}) {
  return execa(process.execPath, [join(projectRoot, 'test/cli/support/main.ts'), ...args], {
    env: {
      COMPARATOR_URL: url,
      NO_COLOR: '1',
      // Compiled code is kept between the many short calls.
      NODE_COMPILE_CACHE: join(projectRoot, 'node_modules', '.cache', 'node'),
      ...environment,
    },
    reject: false,
    timeout: 30_000,
  });
}
