import { join } from 'node:path';
import type { Config } from '../../config.ts';
import type { PartName } from '../part-definition.ts';

/** Where a part's standard output and error go. */
export function logFile(config: Config, name: PartName): string {
  return join(config.home, 'logs', `${name}.log`);
}
