import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import type { Product } from '../../src/contracts/documents/product.ts';

/** Name and version of an installed package, as a client's identity in results. */
export function clientProduct(packageName: string): Product {
  const file = findPackageJSON(packageName, import.meta.url);
  const version = file && (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version;
  return { name: packageName, version: version || null };
}
