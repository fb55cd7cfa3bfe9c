import { afterEach, expect, jest, test } from '@jest/globals';
import { ConfigError } from '../src/environment.ts';
import { reportFatal, UserError } from '../src/user-error.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

test.each([
  ['a mistake by its message alone', new UserError('Give it a name.'), 'Give it a name.', 1],
  [
    'wrong settings as wrong use',
    new ConfigError('COMPARATOR_PORT: not a number'),
    'COMPARATOR_PORT: not a number',
    2,
  ],
])('a program tells %s', (_, error, said, exitCode) => {
  const say = jest.spyOn(console, 'error').mockImplementation(() => {});
  expect(reportFatal(error)).toBe(exitCode);
  expect(say.mock.calls).toEqual([[said]]);
});

test('a program shows a defect with its stack', () => {
  const say = jest.spyOn(console, 'error').mockImplementation(() => {});
  const defect = new TypeError('x is not a function');
  expect(reportFatal(defect)).toBe(1);
  expect(say.mock.calls).toEqual([[defect]]);
});
