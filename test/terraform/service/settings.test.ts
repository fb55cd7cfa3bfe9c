import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../../src/config.ts';
import { phases } from '../../../src/contracts/documents/phases.ts';
import { testApi } from '../../api/support/test-api.ts';
import { knownVariables } from '../../support/environment-variables.ts';
import { imageOf } from '../../support/image.ts';

const read = (file: string) => readFileSync(join(projectRoot, 'terraform', 'service', file), 'utf8');
const alarms = read('alarms.tf');

test('alarms look at metrics that the API has, by phases that there are', async () => {
  const { app } = testApi();
  const metrics = await (await app.request('/metrics')).text();
  const looked = [...alarms.matchAll(/metric\s+= "(comparator_\w+)"/g)].map(([, name]) => name as string);
  expect(looked).toHaveLength(3);
  expect(looked.filter((name) => !metrics.includes(`# TYPE ${name} gauge`))).toEqual([]);
  const named = [...alarms.matchAll(/phase = "([\w-]+)"/g)].map(([, phase]) => phase);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((phase) => !phases.includes(phase as never))).toEqual([]);
});

test.each(['api', 'worker'])('the %s is run and looked after as its image says', (target) => {
  const { command, healthCheck, environment } = imageOf(target);
  const written = (words: string[]) => `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
  expect(read('main.tf')).toContain(`= ${written(command)}`);
  expect(read(`${target}.tf`)).toContain(written(['CMD', ...healthCheck]));
  expect(read(`${target}.tf`)).toContain(`containerPath = "${environment.COMPARATOR_HOME}"`);
  expect(read(`${target}.tf`)).toContain('containerPath = "/tmp"');
});

test('a worker is given as long to end as its image takes, and as ECS allows', () => {
  const [, timeout] = /stopTimeout = (\d+)/.exec(read('worker.tf')) ?? [];
  expect(Number(timeout)).toBeGreaterThanOrEqual(Number(imageOf('worker').command.at(-1)) + 5);
  expect(Number(timeout)).toBeLessThanOrEqual(120);
});

test('tasks are told nothing that nobody reads', () => {
  const block = /environment = \{\s+for name, value in \{(.*?)\} :/s.exec(read('main.tf'))?.[1] ?? '';
  const names = [...block.matchAll(/^ +([A-Z_]+) +=/gm)].map(([, name]) => name as string);
  expect(names.length).toBeGreaterThan(6);
  const ofTemporal = /^TEMPORAL_TLS/;
  expect(names.filter((name) => !knownVariables().includes(name) && !ofTemporal.test(name))).toEqual([]);
});
