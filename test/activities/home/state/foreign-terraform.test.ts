import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { execa } from 'execa';

import {
  foreignTerraformRuns,
  isForeignTerraform,
  wasThere,
} from '../../../../activities/home/state/foreign-terraform.ts';

it.each([
  [['/usr/bin/terraform', 'apply'], [], true],
  [['terraform', '-chdir=x'], ['COMPARATOR_TERRAFORM_RUN=2'], false],
  [['tofu', 'apply'], ['A=b'], true],
  [['/x/terraform-provider-aws_v5'], [], false],
  [['vim', 'terraform'], [], false],
])('whether %j is a terraform of somebody else', (args, environment, expected) => {
  expect(isForeignTerraform({ args, environment })).toBe(expected);
});

const locked = new Date('2026-11-28T11:00:00Z');
it.each([
  ['an hour before', -3_600_000, true],
  ['at the same time, as far as clocks can tell', 2_000, true],
  ['half a minute later', 30_000, false],
])('a terraform that was started %s may hold a lock: %s', (_when, afterMs, expected) => {
  expect(wasThere(locked, locked.getTime() + afterMs)).toBe(expected);
});

it('one that runs is seen, and told from one that came after the lock', async () => {
  if (process.platform !== 'linux') return;
  const folder = mkdtempSync(join(tmpdir(), 'comparator-foreign-'));
  const terraform = join(folder, 'terraform');
  copyFileSync('/bin/sleep', terraform);
  const foreign = execa(terraform, ['60'], { reject: false });
  try {
    expect(foreignTerraformRuns(new Date())).toBe(true);
    // No other terraform of this machine runs for a year.
    expect(foreignTerraformRuns(new Date(Date.now() - 365 * 86_400_000))).toBe(false);
  } finally {
    foreign.kill();
    await foreign;
    rmSync(folder, { recursive: true });
  }
});
