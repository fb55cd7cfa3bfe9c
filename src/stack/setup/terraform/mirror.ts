import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inheritedEnvironment } from '../../../config.ts';

/** A provider that a filesystem mirror has for this platform. */
export interface MirroredProvider {
  /** The mirror's folder, absolute. */
  mirror: string;
  /** e.g. `registry.terraform.io/hashicorp/aws` */
  address: string;
  versions: string[];
}

/**
 * Folders that may be filesystem mirrors, best first: the one from the settings, those that Terraform itself looks
 * into, then those one level below the system's `opt` directory.
 */
export function mirrorFolders(
  fromSettings: string | null,
  { platform = process.platform, home = homedir(), environment = inheritedEnvironment() } = {},
): string[] {
  const implied =
    platform === 'darwin'
      ? [
          join(home, '.terraform.d/plugins'),
          join(home, 'Library/Application Support/io.terraform/plugins'),
          '/Library/Application Support/io.terraform/plugins',
        ]
      : [
          join(home, '.terraform.d/plugins'),
          join(environment.XDG_DATA_HOME || join(home, '.local/share'), 'terraform/plugins'),
          ...(environment.XDG_DATA_DIRS || '/usr/local/share:/usr/share')
            .split(':')
            .filter(Boolean)
            .map((folder) => join(folder, 'terraform/plugins')),
        ];
  const system = folders('/opt').map((name) => join('/opt', name));
  return [...new Set([...(fromSettings ? [fromSettings] : []), ...implied, ...system])];
}

/** The providers of a mirror that can run on this platform; none when the folder is no mirror. */
export function findProviders(mirror: string, target = terraformTarget()): MirroredProvider[] {
  const found: MirroredProvider[] = [];
  const host = 'registry.terraform.io';
  for (const namespace of folders(join(mirror, host))) {
    for (const type of folders(join(mirror, host, namespace))) {
      const versions = findVersions(join(mirror, host, namespace, type), type, target);
      if (versions.length > 0) found.push({ mirror, address: `${host}/${namespace}/${type}`, versions });
    }
  }
  return found;
}

/** Both layouts: `5.100.0/linux_amd64/` and `terraform-provider-aws_5.100.0_linux_amd64.zip`. */
function findVersions(folder: string, type: string, target: string): string[] {
  const versions: string[] = [];
  for (const name of entries(folder)) {
    const packed = name.startsWith(`terraform-provider-${type}_`) && name.endsWith(`_${target}.zip`);
    if (packed) versions.push(name.slice(`terraform-provider-${type}_`.length, -`_${target}.zip`.length));
    else if (isFolder(join(folder, name, target))) versions.push(name);
  }
  return versions;
}

/** This platform as Terraform names it, e.g. `linux_amd64`. */
function terraformTarget(): string {
  const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', ia32: '386' };
  return `${process.platform}_${architectures[process.arch] ?? process.arch}`;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function folders(folder: string): string[] {
  return entries(folder).filter((name) => isFolder(join(folder, name)));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
