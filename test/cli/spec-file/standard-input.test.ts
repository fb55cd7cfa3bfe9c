import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { projectRoot } from '../../../src/config.ts';

const document = {
  name: 'from a pipe',
  technology: 'kafka',
  workload: { load: { shape: 'constant', messagesPerSecond: 10 } },
};

function validate(input: string) {
  const main = join(projectRoot, 'test/cli/support/main.ts');
  return execa(process.execPath, [main, 'validate', '-', '--json'], { input, reject: false });
}

test('a file can come through standard input', async () => {
  const { exitCode, stdout } = await validate(JSON.stringify(document));
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject(document);
});

test('what is wrong with it is told by its place there', async () => {
  const { exitCode, stderr } = await validate('name: x\n\ttechnology: kafka\n');
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^standard input:2:1: /);
});
