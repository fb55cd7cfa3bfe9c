import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import type { Client } from '../../src/contracts/documents/load-parts.ts';

/**
 * Name and version of an installed package, as a client's identity in results.
 * @param adds what the driver does beside it, or has it do, in clauses
 */
export function clientProduct(packageName: string, adds: string[] = []): Client {
  const file = findPackageJSON(packageName, import.meta.url);
  const version = file && (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version;
  return { name: packageName, version: version || null, adds };
}
