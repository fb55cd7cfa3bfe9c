import { join } from 'node:path';
import type { Config } from '../../config.ts';
import type { ProcessName } from './stack-process.ts';

/** Where a process's standard output and error go. */
export function logFile(config: Config, name: ProcessName): string {
  return join(config.home, 'logs', `${name}.log`);
}
