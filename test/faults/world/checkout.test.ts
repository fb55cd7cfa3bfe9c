import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { deploy } from './checkout.ts';

test('changed versions of the code can be made from the code as it is, and put in place of each other', () => {
  const base = mkdtempSync(join(tmpdir(), 'comparator-checkout-'));
  const folder = join(base, 'checkout');
  const workflow = () => readFileSync(join(folder, 'workflows/experiment/experiment.ts'), 'utf8');
  try {
    deploy(folder, 'patched');
    expect(workflow()).toContain("if (suitePatched('fault-suite-1')) await suiteSleep(1);");
    deploy(folder, 'nondeterministic');
    expect(workflow()).toContain('  await suiteSleep(1);');
    expect(workflow()).not.toContain("suitePatched('");
    deploy(folder, 'renamed-variable');
    expect(readFileSync(join(folder, 'terraform/kafka/local/main.tf'), 'utf8')).toContain('var.node_ports');
    expect(existsSync(join(folder, 'node_modules/zod'))).toBe(true);
  } finally {
    rmSync(base, { recursive: true });
  }
});
