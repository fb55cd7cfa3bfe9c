import { mkdirSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname } from 'node:path';
import type { Config } from '../../../config.ts';
import { writeTextAtomic } from '../../../machine/atomic-file.ts';
import type { Requirement, RequirementState } from '../requirement.ts';
import { lastLines, run } from '../run-tool.ts';
import { findTerraform, toolPaths } from '../tools.ts';
import { atLeast, isAtLeast, parseVersion, pinned } from '../versions.ts';
import { cliConfiguration } from './cli-configuration.ts';
import { findProviders, type MirroredProvider, mirrorFolders } from './mirror.ts';

/** The machine's Terraform. */
export const terraformRequirement: Requirement = {
  name: 'Terraform',
  needs: `>= ${atLeast.terraform.join('.')}`,
  hint: {
    debian:
      "HashiCorp's apt repository (developer.hashicorp.com/terraform/install), then sudo apt-get install terraform",
    macos: 'brew install hashicorp/tap/terraform',
  },
  async check(): Promise<RequirementState> {
    const file = findTerraform();
    if (!file) return { state: 'wrong', problem: 'terraform was not found on the PATH' };
    const { ok, output } = await run(file, ['version', '-json'], {
      // Without a look at its update service, and without a person's own configuration, which may be broken.
      environment: { CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: devNull },
    });
    const version = /"terraform_version":\s*"([^"]+)"/.exec(output)?.[1];
    if (!ok || !version) return { state: 'wrong', problem: `${file} does not run:\n${lastLines(output, 5)}` };
    return isAtLeast(parseVersion(version) ?? [], atLeast.terraform)
      ? { state: 'ok', version, note: file }
      : { state: 'wrong', problem: `${file} is ${version}` };
  },
  install: null,
};

/** Where Terraform gets the AWS provider from. */
export function awsProviderRequirement(config: Config): Requirement {
  return {
    name: 'AWS provider',
    needs: pinned.awsProvider,
    hint: {
      debian: 'set COMPARATOR_TERRAFORM_MIRROR to a folder made by `terraform providers mirror`, or unset it',
      macos: 'set COMPARATOR_TERRAFORM_MIRROR to a folder made by `terraform providers mirror`, or unset it',
    },
    async check(): Promise<RequirementState> {
      const found = mirroredProviders(config);
      const aws = found.find((provider) => provider.address === 'registry.terraform.io/hashicorp/aws');
      if (aws?.versions.includes(pinned.awsProvider)) {
        return { state: 'ok', version: pinned.awsProvider, note: `filesystem mirror ${aws.mirror}` };
      }
      if (config.terraformMirror) {
        const problem = aws
          ? `COMPARATOR_TERRAFORM_MIRROR (${config.terraformMirror}) has only ${aws.versions.join(', ')}`
          : `COMPARATOR_TERRAFORM_MIRROR (${config.terraformMirror}) does not have it for this platform`;
        return { state: 'wrong', problem };
      }
      return { state: 'ok', version: pinned.awsProvider, note: 'no mirror found: Terraform downloads it' };
    },
    install: null,
  };
}

/** Writes the configuration that every terraform of ours runs with. Returns its path. */
export function writeCliConfiguration(config: Config): string {
  const file = toolPaths(config).terraformCliConfig;
  mkdirSync(dirname(file), { recursive: true });
  writeTextAtomic(file, cliConfiguration(mirroredProviders(config)), 0o644);
  return file;
}

function mirroredProviders(config: Config): MirroredProvider[] {
  const found = new Map<string, MirroredProvider>();
  for (const folder of mirrorFolders(config.terraformMirror)) {
    for (const provider of findProviders(folder)) {
      const wanted = provider.address === 'registry.terraform.io/hashicorp/aws' ? pinned.awsProvider : null;
      // A mirror with only other versions would keep Terraform from the one that we pin.
      if (wanted && !provider.versions.includes(wanted) && folder !== config.terraformMirror) continue;
      if (!found.has(provider.address)) found.set(provider.address, provider);
    }
  }
  return [...found.values()];
}
