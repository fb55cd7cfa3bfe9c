import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { ClusterError, knownClusters, readClusters } from '../../../src/machine/clusters/cluster-files.ts';
import { kafkaAccess } from '../../../src/machine/clusters/kafka-access.ts';
import { kinesisAccess, kinesisProblem } from '../../../src/machine/clusters/kinesis-access.ts';
import { natsAccess } from '../../../src/machine/clusters/nats-access.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'comparator-clusters-'));
  file = join(folder, 'clusters.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

const nats = { name: 'my-nats', technology: 'nats', servers: ['nats-1:4222'] };
const kinesis = { name: 'my-account', technology: 'kinesis', region: 'eu-central-1' };

function write(...clusters: object[]): void {
  writeFileSync(file, stringify({ clusters }));
}

function refusal(look: () => unknown): string {
  try {
    look();
  } catch (error) {
    expect(error).toBeInstanceOf(ClusterError);
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

test('clusters of several technologies stand in one file, each known to its own alone', () => {
  write(nats, kinesis, { ...kinesis, name: 'emulator', endpointUrl: 'http://127.0.0.1:4566' });
  expect(knownClusters(file)).toEqual({
    clusters: [
      { name: 'my-nats', technology: 'nats' },
      { name: 'my-account', technology: 'kinesis' },
      { name: 'emulator', technology: 'kinesis', emulated: true },
    ],
  });
  expect(refusal(() => natsAccess(file, 'my-account'))).toBe(
    'my-account is no cluster of nats in the file that COMPARATOR_CLUSTERS names; choose one of: my-nats',
  );
  expect(refusal(() => kafkaAccess(file, 'my-nats'))).toMatch(/^my-nats is no known cluster; name a file/);
});

test.each([
  [
    'a password in the open',
    { ...nats, authentication: { method: 'password', usernameFile: 'u', passwordFile: 'p' } },
    '/clusters/0/authentication/method password would show the secret to the network; add tls',
  ],
  [
    'a token in the open',
    { ...nats, authentication: { method: 'token', tokenFile: 't' } },
    '/clusters/0/authentication/method token would show the secret to the network; add tls',
  ],
  [
    'half a certificate',
    { ...nats, tls: { keyFile: 'k' } },
    '/clusters/0/tls has one of certFile and keyFile',
  ],
  [
    'a way that there is not',
    { ...nats, authentication: { method: 'kerberos' } },
    '/clusters/0/authentication/method',
  ],
  ['a URL', { ...nats, servers: ['nats://nats-1:4222'] }, '/clusters/0/servers/0 must be host:port'],
  ['no region', { ...kinesis, region: undefined }, '/clusters/0/region is required'],
  ['no URL', { ...kinesis, endpointUrl: '127.0.0.1:4566' }, '/clusters/0/endpointUrl must be a URL'],
  ['a profile of no file', { ...kinesis, profile: 'load' }, '/clusters/0/profile is of a credentialsFile'],
])('%s is refused with the place', (_what, cluster, message) => {
  write(cluster);
  expect(refusal(() => readClusters(file))).toContain(message);
});

describe('NATS servers', () => {
  test.each<[object, object]>([
    [{ method: 'nkey', seedFile: 'secret' }, { authenticator: expect.any(Function) }],
    [{ method: 'credentials', credentialsFile: 'secret' }, { authenticator: expect.any(Function) }],
    [{ method: 'token', tokenFile: 'secret' }, { token: 'canary' }],
    [
      { method: 'password', usernameFile: 'user', passwordFile: 'secret' },
      { user: 'alice', pass: 'canary' },
    ],
  ])('are shown %j', (authentication, shown) => {
    write({ ...nats, tls: {}, authentication });
    writeFileSync(join(folder, 'user'), ' alice\n');
    writeFileSync(join(folder, 'secret'), 'canary\n');
    expect(natsAccess(file, 'my-nats')).toEqual({ servers: ['nats-1:4222'], tls: {}, ...shown });
  });

  test('need the files that they name', () => {
    write({ ...nats, authentication: { method: 'nkey', seedFile: 'seed' } });
    expect(refusal(() => natsAccess(file, 'my-nats'))).toMatch(/seed of the cluster my-nats cannot be read/);
  });
});

describe('an account', () => {
  test('is entered by the profile of its file', async () => {
    write({ ...kinesis, credentialsFile: 'aws', profile: 'load' });
    writeFileSync(join(folder, 'aws'), '[load]\naws_access_key_id = AKID\naws_secret_access_key = canary\n');
    const { credentials, ...rest } = kinesisAccess(file, 'my-account');
    expect(rest).toEqual({ region: 'eu-central-1' });
    if (typeof credentials !== 'function') throw new Error('it has none');
    expect(await credentials()).toMatchObject({ accessKeyId: 'AKID', secretAccessKey: 'canary' });
  });

  test('is entered by what the environment has, where no file is named', () => {
    write({ ...kinesis, endpointUrl: 'http://127.0.0.1:4566' });
    expect(kinesisAccess(file, 'my-account')).toEqual({
      region: 'eu-central-1',
      endpoint: 'http://127.0.0.1:4566',
    });
  });

  test.each([
    ['UnrecognizedClientException', false, /AWS refuses who we are: .*check the credentials/],
    ['AccessDeniedException', false, /AWS refuses who we are/],
    ['ExpiredTokenException', false, /AWS refuses who we are/],
    ['CredentialsProviderError', false, /there are no credentials: .*check credentialsFile/],
    ['TimeoutError', true, /it cannot be used: TimeoutError/],
  ])('that answers %s: whether it may pass is %s', (name, passing, message) => {
    const problem = kinesisProblem(Object.assign(new Error('because'), { name }));
    expect(problem).toEqual({ passing, message: expect.stringMatching(message) });
  });
});
