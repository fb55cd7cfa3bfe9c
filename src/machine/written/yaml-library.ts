import { createRequire } from 'node:module';

/**
 * The YAML library, loaded when there is something to read: it costs more than all the rest of a command without a file.
 */
export function yamlLibrary(): typeof import('yaml') {
  return createRequire(import.meta.url)('yaml') as typeof import('yaml');
}
