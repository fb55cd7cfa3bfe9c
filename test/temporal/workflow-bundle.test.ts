import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DefaultLogger } from '@temporalio/worker';
import { projectRoot } from '../../src/config.ts';
import { workflowBundle } from '../../src/temporal/workflow-bundle.ts';

const logger = new DefaultLogger('ERROR');
let folder: string;
/** A project with one workflow. */
let project: string;
let tools: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'comparator-bundle-'));
  project = join(folder, 'project');
  tools = join(folder, 'tools', 'workflows');
  for (const part of ['workflows', 'src']) mkdirSync(join(project, part), { recursive: true });
  writeFileSync(join(project, 'package-lock.json'), '{}');
  writeFileSync(join(project, 'src', 'answer.ts'), 'export const answer = 42;\n');
  writeFileSync(
    join(project, 'workflows', 'index.ts'),
    "import { answer } from '../src/answer.ts';\nexport async function ask() { return answer; }\n",
  );
  symlinkSync(join(projectRoot, 'node_modules'), join(project, 'node_modules'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const bundle = async (into = tools) =>
  ((await workflowBundle(project, into, logger)) as { code: string }).code;

test('is made once, and again when a source has changed', async () => {
  expect(await bundle()).toContain('answer = 42');
  const [kept = ''] = readdirSync(tools);
  writeFileSync(join(tools, kept), 'the one that was kept');
  expect(await bundle()).toBe('the one that was kept');
  writeFileSync(join(project, 'src', 'answer.ts'), 'export const answer = 43;\n');
  expect(await bundle()).toContain('answer = 43');
  expect(readdirSync(tools)).toHaveLength(2);
});

test('is made where it cannot be kept', async () => {
  const file = join(folder, 'no-folder');
  writeFileSync(file, '');
  expect(await bundle(file)).toContain('async function ask');
});
