import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/config.ts';
import { userName } from '../../src/machine/user-name.ts';
import { sourceFiles } from '../support/sources.ts';

const unknown = () => {
  throw new Error('uv_os_get_passwd returned ENOENT');
};

test('the name is the password file’s, where it knows the user', () => {
  expect(userName({ USER: 'other' })).toBe(userInfo().username);
});

test('else it is the one that terraform is given too', () => {
  expect(userName({ USER: 'someone' }, unknown)).toBe('someone');
  expect(userName({}, unknown)).toBe(`user-${process.getuid?.()}`);
});

test('nothing else asks the password file', () => {
  const asking = ['src', 'activities', 'workflows', 'loadgen', 'terraform']
    .flatMap(sourceFiles)
    .filter((file) => readFileSync(join(projectRoot, file), 'utf8').includes('userInfo('));
  expect(asking).toEqual(['src/machine/user-name.ts']);
});
