import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cliConfiguration } from '../../../src/stack/setup/terraform/cli-configuration.ts';
import { findProviders, mirrorFolders } from '../../../src/stack/setup/terraform/mirror.ts';

let mirror: string;
beforeAll(() => {
  mirror = mkdtempSync(join(tmpdir(), 'comparator-mirror-'));
});
afterAll(() => rmSync(mirror, { recursive: true }));

test('without a mirror every provider comes from its origin', () => {
  expect(cliConfiguration([])).toBe(
    '# Written by the comparator at each start.\ndisable_checkpoint = true\n\nprovider_installation {\n  direct {}\n}\n',
  );
});

test('mirrored providers come from their mirrors and nowhere else, others from their origin', () => {
  const aws = { mirror: '/m/one', address: 'registry.terraform.io/hashicorp/aws', versions: ['5.100.0'] };
  const odd = { mirror: '/m/t"wo', address: 'registry.terraform.io/a/b', versions: ['1.0.0'] };
  expect(cliConfiguration([aws, odd])).toBe(`# Written by the comparator at each start.
disable_checkpoint = true

provider_installation {
  filesystem_mirror {
    path    = "/m/one"
    include = ["registry.terraform.io/hashicorp/aws"]
  }
  filesystem_mirror {
    path    = "/m/t\\"wo"
    include = ["registry.terraform.io/a/b"]
  }
  direct {
    exclude = ["registry.terraform.io/hashicorp/aws", "registry.terraform.io/a/b"]
  }
}
`);
});

test('finds packed and unpacked providers of this platform only', () => {
  const folder = join(mirror, 'registry.terraform.io', 'hashicorp');
  mkdirSync(join(folder, 'aws', '5.100.0', 'linux_amd64'), { recursive: true });
  mkdirSync(join(folder, 'google', '6.0.0', 'darwin_arm64'), { recursive: true });
  mkdirSync(join(folder, 'null'));
  writeFileSync(join(folder, 'null', 'terraform-provider-null_3.2.4_linux_amd64.zip'), '');
  expect(findProviders(mirror, 'linux_amd64')).toEqual([
    { mirror, address: 'registry.terraform.io/hashicorp/aws', versions: ['5.100.0'] },
    { mirror, address: 'registry.terraform.io/hashicorp/null', versions: ['3.2.4'] },
  ]);
  expect(findProviders(join(mirror, 'nowhere'), 'linux_amd64')).toEqual([]);
});

test('looks first where the settings say, then where Terraform itself looks', () => {
  const place = { platform: 'linux', home: '/h', environment: { XDG_DATA_DIRS: '/x:/y' } } as const;
  expect(mirrorFolders('/mine', place).slice(0, 5)).toEqual([
    '/mine',
    '/h/.terraform.d/plugins',
    '/h/.local/share/terraform/plugins',
    '/x/terraform/plugins',
    '/y/terraform/plugins',
  ]);
});
