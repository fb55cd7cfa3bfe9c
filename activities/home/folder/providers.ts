import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Providers and their versions from the text of a dependency lock file, which `terraform init` writes.
 * @example lockedProviders(text) // {"hashicorp/aws": "5.100.0"}
 */
export function lockedProviders(lockFile: string): Record<string, string> {
  const blocks = lockFile.matchAll(
    /^provider "(?:[^"/]+\/)?([^"/]+\/[^"/]+)" \{\s*\n\s*version\s*=\s*"([^"]+)"/gm,
  );
  return Object.fromEntries([...blocks].map(([, name, version]) => [name, version]));
}

/**
 * The providers of a root module that was initialised, each with its version; empty where it needs none, for then terraform
 * writes no lock file.
 * @example { 'hashicorp/aws': '5.100.0' }
 */
export function providersOf(root: string): Record<string, string> {
  const file = join(root, '.terraform.lock.hcl');
  return existsSync(file) ? lockedProviders(readFileSync(file, 'utf8')) : {};
}
