import { readConfig } from '../config.ts';
import { findApi } from './api-address.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { CliError } from './cli-error.ts';

/**
 * Wraps a command that talks to the API: errors that a person can do something about are shown by their message, and
 * become the exit code.
 */
export function clientAction<Args extends unknown[]>(
  run: (client: ApiClient, ...args: Args) => Promise<void>,
): (...args: Args) => Promise<void> {
  return plainAction((...args: Args) => run(createApiClient(findApi(readConfig())), ...args));
}

/** Likewise for a command that needs no API. */
export function plainAction<Args extends unknown[]>(
  run: (...args: Args) => Promise<void>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    try {
      await run(...args);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      console.error(error.message);
      process.exitCode = error.exitCode;
    }
  };
}
