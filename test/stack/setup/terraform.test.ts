import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { projectRoot } from '../../../src/config.ts';
import { allowedProviders, cliConfiguration } from '../../../src/stack/setup/terraform/cli-configuration.ts';
import { findProviders, mirrorFolders } from '../../../src/stack/setup/terraform/mirror.ts';

let mirror: string;
beforeAll(() => {
  mirror = mkdtempSync(join(tmpdir(), 'comparator-mirror-'));
});
afterAll(() => rmSync(mirror, { recursive: true }));

const aws = 'registry.terraform.io/hashicorp/aws';
const header = '# Written by the comparator at each start.\ndisable_checkpoint = true\n\n';

test('without a mirror the providers of our roots come from their origin, and no others', () => {
  expect(cliConfiguration([])).toBe(
    `${header}provider_installation {\n  direct {\n    include = ["${aws}"]\n  }\n}\n`,
  );
});

test('with a mirror they come from it and nowhere else', () => {
  const ours = { mirror: '/m/t"wo', address: aws, versions: ['5.100.0'] };
  const odd = { mirror: '/m/one', address: 'registry.terraform.io/a/b', versions: ['1.0.0'] };
  expect(cliConfiguration([ours, odd])).toBe(`${header}provider_installation {
  filesystem_mirror {
    path    = "/m/t\\"wo"
    include = ["${aws}"]
  }
}
`);
});

test('every provider that a root or module of ours asks for is allowed', () => {
  const folder = join(projectRoot, 'terraform');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.tf'),
  );
  const sources = files.flatMap((name) => {
    const [, asked = ''] = readFileSync(join(folder, name), 'utf8').split('required_providers {');
    return [...asked.matchAll(/source\s*=\s*"([^"]+)"/g)].map(
      ([, source]) => `registry.terraform.io/${source}`,
    );
  });
  expect(sources).toContain(aws);
  expect(sources.filter((source) => !allowedProviders.includes(source))).toEqual([]);
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
