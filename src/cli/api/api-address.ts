import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiUrl, type Config } from '../../config.ts';
import { stackFileName, stackSchema } from '../../contracts/storage/stack.ts';

/** Where an API is, and its bearer key if it wants one. */
export interface ApiAddress {
  url: string;
  key: string | undefined;
}

/** The API that the settings name: COMPARATOR_URL, else this home's running stack, else the host and port settings. */
export function findApi(config: Config): ApiAddress {
  const { keys, url } = config.api;
  const here = url === null ? stackUrl(config.home) : null;
  return { url: here ?? apiUrl(config.api), key: keys[0] };
}

function stackUrl(home: string): string | null {
  try {
    const stack = JSON.parse(readFileSync(join(home, stackFileName), 'utf8'));
    return stackSchema.parse(stack).api.url;
  } catch {
    // No stack runs here, or its description is being written.
    return null;
  }
}
