import { projectRoot } from '../../config.ts';
import { sourceHash } from '../../machine/sources/source-hash.ts';

/** All that a built page depends on, how it is built and its packages included. */
const sources = [
  'src/web',
  'src/stack/page',
  'src/contracts',
  'src/technologies',
  'src/analysis',
  'package-lock.json',
];

/** A hash of what the page is built from: another one means that it has to be built again. */
export function hashOfSources(): string {
  return sourceHash(projectRoot, sources);
}
