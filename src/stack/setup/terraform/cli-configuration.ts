import type { MirroredProvider } from './mirror.ts';

/**
 * The providers of our roots, the only ones that are ever installed. Terraform installs what a state names too, and runs
 * it: a state that somebody else has written must not choose a program.
 */
export const allowedProviders: readonly string[] = ['registry.terraform.io/hashicorp/aws'];

/**
 * Terraform's CLI configuration: the allowed providers from their mirrors where there is one, else from their origin, and
 * no others.
 */
export function cliConfiguration(providers: readonly MirroredProvider[]): string {
  const allowed = providers.filter(({ address }) => allowedProviders.includes(address));
  const mirrors = [...new Set(allowed.map((provider) => provider.mirror))];
  const blocks = mirrors.map((mirror) => {
    const addresses = allowed.filter((one) => one.mirror === mirror).map(({ address }) => address);
    return `  filesystem_mirror {\n    path    = ${JSON.stringify(mirror)}\n    include = ${list(addresses)}\n  }\n`;
  });
  const others = allowedProviders.filter((address) => !allowed.some((one) => one.address === address));
  if (others.length > 0) blocks.push(`  direct {\n    include = ${list(others)}\n  }\n`);
  return `# Written by the comparator at each start.\ndisable_checkpoint = true\n\nprovider_installation {\n${blocks.join('')}}\n`;
}

function list(addresses: readonly string[]): string {
  return `[${addresses.map((address) => JSON.stringify(address)).join(', ')}]`;
}
