import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../../src/config.ts';

const image = `example.com/comparator@sha256:${'a'.repeat(64)}`;
const whole = {
  COMPARATOR_AWS_ACCOUNTS: '123456789012, 210987654321',
  COMPARATOR_GENERATOR_IMAGE: image,
  TEMPORAL_ADDRESS: 'temporal.example.com:7233',
};

test('what may be used of AWS comes from the environment', () => {
  const { cloud } = readConfig({
    ...whole,
    COMPARATOR_AWS_REGIONS: 'eu-central-1',
    COMPARATOR_AWS_NETWORK: 'vpc-0a1,subnet-0b2, subnet-0c3',
    COMPARATOR_GENERATOR_SECRETS:
      'TEMPORAL_API_KEY=arn:aws:secretsmanager:eu-central-1:123456789012:secret:temporal-AbCdEf',
  });
  expect(cloud).toEqual({
    accounts: ['123456789012', '210987654321'],
    regions: ['eu-central-1'],
    image,
    secretArns: {
      TEMPORAL_API_KEY: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:temporal-AbCdEf',
    },
    network: { vpcId: 'vpc-0a1', subnetIds: ['subnet-0b2', 'subnet-0c3'] },
    problem: null,
  });
});

test('without regions, that of AWS_REGION is the only one', () => {
  expect(readConfig({ ...whole, AWS_REGION: 'eu-west-1' }).cloud.regions).toEqual(['eu-west-1']);
});

test.each([
  [{ COMPARATOR_AWS_ACCOUNTS: '1234' }, 'holds what is no account: each has 12 digits'],
  [{ COMPARATOR_AWS_ACCOUNTS: ',' }, 'names none'],
  [{ COMPARATOR_AWS_REGIONS: 'Frankfurt' }, 'holds what is no region'],
  [{ COMPARATOR_AWS_NETWORK: 'vpc-0a1' }, 'must be a VPC and its subnets'],
  [{ COMPARATOR_GENERATOR_IMAGE: 'example.com/comparator:latest' }, 'must name an image by its digest'],
  [{ COMPARATOR_GENERATOR_SECRETS: 'TEMPORAL_API_KEY=hunter2' }, 'holds what is no secret'],
])('%j is refused', (environment, message) => {
  const [name] = Object.keys(environment);
  const read = () => readConfig(environment as NodeJS.ProcessEnv);
  expect(read).toThrow(name);
  expect(read).toThrow(message);
});

describe('whether target: aws can be used', () => {
  const problemOf = (environment: NodeJS.ProcessEnv) => readConfig(environment).cloud.problem;
  const emulated = {
    COMPARATOR_AWS_ACCOUNTS: '000000000000',
    COMPARATOR_GENERATOR_IMAGE: image,
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
  };

  test.each([
    ['nothing is set', {}, 'name the accounts that experiments may use in COMPARATOR_AWS_ACCOUNTS'],
    [
      'there is no image',
      { COMPARATOR_AWS_ACCOUNTS: '123456789012' },
      'lacks the load generators’ image'.replace('’', "'"),
    ],
    [
      'an endpoint leads elsewhere',
      { ...whole, AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' },
      'AWS_ENDPOINT_URL leads to',
    ],
    ['Temporal is on this machine', { ...whole, TEMPORAL_ADDRESS: '127.0.0.1:7233' }, 'TEMPORAL_ADDRESS'],
    ['Temporal is embedded', { ...whole, TEMPORAL_ADDRESS: '' }, 'TEMPORAL_ADDRESS'],
    [
      'one network would be for several regions',
      {
        ...whole,
        COMPARATOR_AWS_REGIONS: 'eu-central-1,us-east-1',
        COMPARATOR_AWS_NETWORK: 'vpc-0a1,subnet-0b2',
      },
      'COMPARATOR_AWS_NETWORK',
    ],
  ])('not where %s', (_, environment, message) => {
    expect(problemOf(environment)).toContain(message);
  });

  test.each([
    ['it is whole', whole],
    ['the account is an emulator’s, on purpose', emulated],
  ])('where %s', (_, environment) => {
    expect(problemOf(environment)).toBeNull();
  });
});
