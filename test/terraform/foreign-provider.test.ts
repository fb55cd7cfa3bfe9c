import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { inheritedEnvironment, readConfig } from '../../src/config.ts';
import { experimentEnvironment } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { writeCliConfiguration } from '../../src/stack/setup/terraform/terraform.ts';
import { toolPaths } from '../../src/stack/setup/tools.ts';

const foreignState = {
  version: 4,
  terraform_version: '1.11.4',
  serial: 1,
  lineage: '6bd17b8e-0d4c-4a4c-9e4e-1d4c3f9f9f11',
  outputs: {},
  resources: [
    {
      mode: 'managed',
      type: 'x_thing',
      name: 'one',
      provider: 'provider["registry.terraform.io/evil/x"]',
      instances: [{ schema_version: 0, attributes: { id: '1' } }],
    },
  ],
};

test('a provider that only a state names is not installed, nor even asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'comparator-evil-'));
  const asked: string[] = [];
  const proxy = createServer().on('connect', ({ url }, socket) => {
    asked.push(url ?? '');
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    writeFileSync(join(folder, 'terraform.tfstate'), JSON.stringify(foreignState));
    writeFileSync(join(folder, 'main.tf'), 'terraform {}\n');
    const config = readConfig();
    const env = {
      PATH: inheritedEnvironment().PATH,
      TF_CLI_CONFIG_FILE: writeCliConfiguration({ ...config, home: folder }),
      CHECKPOINT_DISABLE: '1',
      // As in roots.test.ts.
      [experimentEnvironment.terraformRun]: 'test',
      HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    };
    const init = await execa(toolPaths(config).terraform, ['init', '-input=false', '-no-color'], {
      cwd: folder,
      env,
      extendEnv: false,
      reject: false,
      all: true,
    });
    expect(init.exitCode).toBe(1);
    expect(init.all).toContain('evil/x');
    expect(asked).toEqual([]);
  } finally {
    await new Promise((resolve) => proxy.close(resolve));
    rmSync(folder, { recursive: true });
  }
});
