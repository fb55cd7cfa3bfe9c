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

/** The same of a root module; none where it needs no provider, for then terraform writes no lock file. */
export function providersOf(root: string): Record<string, string> {
  const file = join(root, '.terraform.lock.hcl');
  return existsSync(file) ? lockedProviders(readFileSync(file, 'utf8')) : {};
}
