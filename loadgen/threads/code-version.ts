import { projectRoot } from '../../src/config.ts';
import { sourceHash } from '../../src/machine/sources/source-hash.ts';

/** All that a thread runs and shares with the process that starts it. */
const parts = ['loadgen', 'src/contracts', 'src/technologies', 'src/machine', 'src/config.ts'];

/** A hash of the load generator's code as it lies on the disk now. */
export function codeVersion(): string {
  return sourceHash(projectRoot, parts, '.ts');
}
