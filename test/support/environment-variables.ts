import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/config.ts';

/** Every variable that `src/environment.ts` lists, but those that the SDKs of Temporal and AWS read by themselves. */
export function knownVariables(): string[] {
  const source = readFileSync(join(projectRoot, 'src', 'environment.ts'), 'utf8');
  const schema = source.slice(source.indexOf('environmentSchema ='), source.indexOf('class ConfigError'));
  return [...schema.matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name as string);
}
