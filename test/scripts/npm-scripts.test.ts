import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/config.ts';

test('every npm script begins a program that is there', () => {
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const begun = Object.values(scripts).flatMap((command) => / --script (\S+)$/.exec(command)?.[1] ?? []);
  expect(begun.length).toBeGreaterThan(8);
  expect(begun.filter((name) => !existsSync(join(projectRoot, 'src', 'scripts', `${name}.ts`)))).toEqual([]);
});
