import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { stackFileName, stackSchema } from '../../contracts/storage/stack.ts';

/** Where an API is, and its bearer key if it wants one. */
export interface ApiAddress {
  url: string;
  key: string | undefined;
}

/** The API that the settings name: COMPARATOR_URL, else this home's running stack, else the host and port settings. */
export function findApi(config: Config): ApiAddress {
  const { host, port, keys, url } = config.api;
  const shown = host.includes(':') ? `[${host}]` : host;
  const found = url ?? stackUrl(config.home) ?? `http://${shown}:${port}`;
  return { url: found.replace(/\/+$/, ''), key: keys[0] };
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
