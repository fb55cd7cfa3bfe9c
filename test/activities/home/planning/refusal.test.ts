import { expect, test } from '@jest/globals';
import { TerraformFailedError } from '../../../../activities/home/errors.ts';
import { refusalOf } from '../../../../activities/home/planning/refusal.ts';
import { InvalidInputError } from '../../../../src/temporal/activity-error.ts';

const failed = (summary: string, detail: string) =>
  new TerraformFailedError(`terraform plan failed with exit code 1: ${summary}`, [
    { severity: 'error', summary, detail, address: null },
  ]);

test.each<[string, Error, number, string]>([
  [
    'what is not allowed here',
    new InvalidInputError('aws is not set up here'),
    2,
    'a and b: aws is not set up here',
  ],
  [
    'a call that is denied',
    failed('reading EC2 Availability Zones', 'api error UnauthorizedOperation: You are not authorized'),
    2,
    [
      'a and b: terraform plan failed with exit code 1: reading EC2 Availability Zones',
      '  api error UnauthorizedOperation: You are not authorized',
      'Allow these credentials what terraform/aws-policy.json lists, or use others.',
    ].join('\n'),
  ],
  [
    'any other failure of terraform',
    failed('Failed to query available provider packages', 'could not connect'),
    1,
    [
      'a and b: terraform plan failed with exit code 1: Failed to query available provider packages',
      '  could not connect',
    ].join('\n'),
  ],
])('%s is told with what to do', (_, error, exitCode, message) => {
  expect(refusalOf(['a', 'b'], error)).toMatchObject({ name: 'UserError', exitCode, message });
});

test('a defect stays one', () => {
  const defect = new TypeError('x is undefined');
  expect(refusalOf(['a'], defect)).toBe(defect);
});
