import type { MirroredProvider } from './mirror.ts';

/**
 * Terraform's CLI configuration: the mirrored providers from their mirrors, all others from their origin.
 * @example cliConfiguration([]) // only `direct {}`
 */
export function cliConfiguration(providers: readonly MirroredProvider[]): string {
  const mirrors = [...new Set(providers.map((provider) => provider.mirror))];
  const list = (of: readonly MirroredProvider[]) =>
    `[${of.map(({ address }) => JSON.stringify(address)).join(', ')}]`;
  const blocks = mirrors.map((mirror) => {
    const include = list(providers.filter((provider) => provider.mirror === mirror));
    return `  filesystem_mirror {\n    path    = ${JSON.stringify(mirror)}\n    include = ${include}\n  }\n`;
  });
  const direct =
    providers.length === 0 ? '  direct {}\n' : `  direct {\n    exclude = ${list(providers)}\n  }\n`;
  return `# Written by the comparator at each start.\ndisable_checkpoint = true\n\nprovider_installation {\n${blocks.join('')}${direct}}\n`;
}
