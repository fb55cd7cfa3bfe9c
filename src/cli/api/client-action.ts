import { readConfig } from '../../config.ts';
import { findApi } from './api-address.ts';
import { ApiClient } from './api-client.ts';

/** A command's action that talks to the API which the settings name. */
export function clientAction<Args extends unknown[]>(
  run: (client: ApiClient, ...args: Args) => Promise<void>,
): (...args: Args) => Promise<void> {
  return (...args) => run(new ApiClient(findApi(readConfig())), ...args);
}
