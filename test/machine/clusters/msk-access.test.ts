import { expect, test } from '@jest/globals';
import { mskEnvironment } from '../../../src/config.ts';
import { mskAccess } from '../../../src/machine/clusters/msk-access.ts';
import { kafkaEndpointSchema } from '../../../src/technologies/kafka/settings.ts';

// As terraform/kafka/aws has it.
const endpoint = { brokers: ['b-1.msk:9096', 'b-2.msk:9096'], topic: 'cmp-i-t' };
const scram = { ...endpoint, authentication: 'scram' as const };

function refusal(secret: string | null): string {
  try {
    mskAccess(scram, { region: 'eu-west-1', kafkaCredentials: secret });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

test('an endpoint of Amazon MSK is one that a driver takes', () => {
  expect(kafkaEndpointSchema.parse(scram)).toEqual(scram);
  expect(() => kafkaEndpointSchema.parse({ ...endpoint, authentication: 'plain' })).toThrow();
});

test('the user is the one of the secret that ECS put into the environment', () => {
  const secret = JSON.stringify({ username: 'alice', password: 'canary' });
  const environment = { AWS_REGION: 'eu-west-1', COMPARATOR_KAFKA_CREDENTIALS: secret };
  expect(mskAccess(scram, mskEnvironment(environment))).toEqual({
    bootstrapServers: endpoint.brokers,
    tls: {},
    sasl: { mechanism: 'SCRAM-SHA-512', username: 'alice', password: 'canary' },
  });
});

test('with IAM there is none: a token is signed for the region of the task', () => {
  const access = mskAccess(
    { ...endpoint, authentication: 'iam' },
    { region: 'eu-west-1', kafkaCredentials: null },
  );
  expect(access).toMatchObject({ tls: {}, sasl: { mechanism: 'OAUTHBEARER', by: 'iam' } });
});

test('a secret that is missing or is none says what to do, and never what it is', () => {
  expect(refusal(null)).toMatch(/COMPARATOR_KAFKA_CREDENTIALS is not set.*scram\.secret_arn/);
  for (const secret of [
    'canary',
    '{"username":"alice","password":',
    '{"username":"alice"}',
    '{"password":"canary"}',
  ])
    expect(refusal(secret)).toMatch(
      /^COMPARATOR_KAFKA_CREDENTIALS cannot be used: the secret must be JSON(?!.*(canary|alice))/,
    );
});
