import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { ClusterError, knownClusters, readClusters } from '../../../src/machine/clusters/cluster-files.ts';
import { kafkaAccess } from '../../../src/machine/clusters/kafka-access.ts';
import { kafkajsAccess } from '../../../src/machine/clusters/kafkajs-access.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'comparator-clusters-'));
  file = join(folder, 'clusters.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

const cluster = { name: 'mine', technology: 'kafka', bootstrapServers: ['kafka-1:9093', '10.0.0.1:9093'] };
const sasl = { mechanism: 'SCRAM-SHA-512', usernameFile: 'user', passwordFile: 'secrets/password' };

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

test('a cluster is known by its name, with what its files say, seen from the file of clusters', () => {
  write({
    ...cluster,
    tls: { caFile: 'ca.pem', certFile: 'cert.pem', keyFile: 'key.pem' },
    sasl: { ...sasl, passwordFile: 'password' },
  });
  for (const [name, text] of Object.entries({
    'ca.pem': 'CA',
    'cert.pem': 'CERT',
    'key.pem': 'KEY',
    user: ' alice \n',
    password: ' a b \r\n',
  }))
    writeFileSync(join(folder, name), text);
  const access = kafkaAccess(file, 'mine');
  expect(access).toEqual({
    bootstrapServers: ['kafka-1:9093', '10.0.0.1:9093'],
    tls: { ca: 'CA', cert: 'CERT', key: 'KEY' },
    sasl: { mechanism: 'SCRAM-SHA-512', username: 'alice', password: ' a b ' },
  });
  expect(kafkajsAccess(access)).toEqual({
    brokers: access.bootstrapServers,
    ssl: access.tls,
    sasl: { mechanism: 'scram-sha-512', username: 'alice', password: ' a b ' },
  });
});

test('without tls and sasl there is neither; with an empty tls the roots are the system’s', () => {
  write(cluster, { ...cluster, name: 'public', tls: {} });
  expect(kafkaAccess(file, 'mine')).toMatchObject({ tls: null, sasl: null });
  expect(kafkaAccess(file, 'public')).toMatchObject({ tls: {}, sasl: null });
  expect(kafkajsAccess(kafkaAccess(file, 'public'))).toEqual({
    brokers: cluster.bootstrapServers,
    ssl: {},
  });
});

test('without a file there is none, and whoever asks for one is told what to do', () => {
  expect(readClusters(null)).toEqual([]);
  expect(refusal(() => kafkaAccess(null, 'mine'))).toBe(
    'mine is no known cluster; name a file of clusters in COMPARATOR_CLUSTERS and start the comparator again',
  );
});

test('one that the file lacks is refused with those that it has', () => {
  write(cluster, { ...cluster, name: 'other' });
  expect(refusal(() => kafkaAccess(file, 'theirs'))).toMatch(/choose one of: mine, other$/);
});

describe('a file that cannot be used', () => {
  test.each<[string, object[], string]>([
    ['two of one name', [cluster, cluster], '/clusters/1/name is that of entry 1 already'],
    [
      'half a certificate',
      [{ ...cluster, tls: { certFile: 'c' } }],
      '/clusters/0/tls has one of certFile and keyFile',
    ],
    [
      'a password in the open',
      [{ ...cluster, sasl: { ...sasl, mechanism: 'PLAIN' } }],
      '/clusters/0/sasl/mechanism PLAIN would show the password to the network; add tls, or use SCRAM-SHA-512',
    ],
    [
      'an unknown mechanism',
      [{ ...cluster, tls: {}, sasl: { ...sasl, mechanism: 'GSSAPI' } }],
      '/clusters/0/sasl/mechanism',
    ],
    ['another technology', [{ ...cluster, technology: 'pulsar' }], '/clusters/0/technology'],
    [
      'a token in the open',
      [{ ...cluster, sasl: { mechanism: 'OAUTHBEARER', tokenFile: 't' } }],
      '/clusters/0/sasl/mechanism OAUTHBEARER would show the token to the network; add tls',
    ],
    [
      'a signature in the open',
      [{ ...cluster, sasl: { mechanism: 'AWS_MSK_IAM', region: 'eu-west-1' } }],
      '/clusters/0/sasl/mechanism AWS_MSK_IAM would show the token to the network; add tls',
    ],
    [
      'a profile of no file',
      [{ ...cluster, tls: {}, sasl: { mechanism: 'AWS_MSK_IAM', region: 'eu-west-1', profile: 'p' } }],
      '/clusters/0/sasl/profile is of a credentialsFile',
    ],
    [
      'a token without a file',
      [{ ...cluster, tls: {}, sasl: { mechanism: 'OAUTHBEARER', usernameFile: 'u' } }],
      '/clusters/0/sasl/tokenFile is required',
    ],
    [
      'no port',
      [{ ...cluster, bootstrapServers: ['kafka-1'] }],
      '/clusters/0/bootstrapServers/0 must be host:port',
    ],
    [
      'no name to write in an experiment',
      [{ ...cluster, name: 'My Kafka' }],
      '/clusters/0/name must be 1 to 63',
    ],
  ])('for %s is refused with the place', (_what, clusters, message) => {
    write(...clusters);
    const told = refusal(() => readClusters(file));
    expect(told).toMatch(new RegExp(`^  ${file}:\\d+:\\d+: /`, 'm'));
    expect(told).toContain(message);
    expect(knownClusters(file)).toEqual({ problem: told });
  });

  test('since it holds a secret itself says so without the secret', () => {
    write({ ...cluster, sasl: { ...sasl, password: 'canary' } });
    const told = refusal(() => readClusters(file));
    expect(told).toMatch(/password/);
    expect(told).not.toMatch(/canary/);
  });

  test('since it is not there, no text or no YAML', () => {
    expect(refusal(() => readClusters(file))).toMatch(
      /^The clusters of COMPARATOR_CLUSTERS.*\n {2}\S+clusters\.yaml cannot be read: there is no such file\ncomparator explain/,
    );
    writeFileSync(file, '{');
    expect(refusal(() => readClusters(file))).toMatch(/clusters\.yaml:1:2: a \{ is not closed before here/);
    writeFileSync(file, 'clusters: *nope');
    expect(refusal(() => readClusters(file))).toMatch(/clusters\.yaml:1:11: \*nope stands for/);
    writeFileSync(file, Buffer.from('clusters: []', 'utf16le'));
    expect(refusal(() => readClusters(file))).toMatch(/the file is in UTF-16, not UTF-8/);
  });
});

test('a file that a cluster names and that is not there is told by its path', () => {
  write({ ...cluster, sasl });
  writeFileSync(join(folder, 'user'), 'alice');
  expect(refusal(() => kafkaAccess(file, 'mine'))).toMatch(
    `the file ${join(folder, 'secrets/password')} of the cluster mine cannot be read: there is no such file`,
  );
  expect(knownClusters(file)).toEqual({ clusters: [{ name: 'mine', technology: 'kafka' }] });
});

describe('a token', () => {
  const withToken = { ...cluster, tls: {}, sasl: { mechanism: 'OAUTHBEARER', tokenFile: 'token' } };

  test('is read anew each time it is asked for', async () => {
    write(withToken);
    writeFileSync(join(folder, 'token'), 'first\n');
    const { sasl } = kafkaAccess(file, 'mine');
    if (sasl?.mechanism !== 'OAUTHBEARER') throw new Error('it has no token');
    expect(await sasl.token()).toBe('first');
    writeFileSync(join(folder, 'token'), 'second');
    expect(await sasl.token()).toBe('second');
  });

  test('that is not there is told at once', () => {
    write(withToken);
    expect(refusal(() => kafkaAccess(file, 'mine'))).toMatch(/token of the cluster mine cannot be read/);
  });

  test('of IAM is a request for the cluster, signed by the profile of the file', async () => {
    const iam = { mechanism: 'AWS_MSK_IAM', region: 'eu-west-1', credentialsFile: 'aws', profile: 'load' };
    write({ ...cluster, tls: {}, sasl: iam });
    const secret = 'canary-secret-key';
    writeFileSync(
      join(folder, 'aws'),
      `[load]\naws_access_key_id = AKIDLOAD\naws_secret_access_key = ${secret}\n`,
    );
    const { sasl } = kafkaAccess(file, 'mine');
    if (sasl?.mechanism !== 'OAUTHBEARER') throw new Error('it has no token');
    const signed = Buffer.from(await sasl.token(), 'base64url').toString();
    expect(signed).not.toContain(secret);
    const { host, searchParams } = new URL(signed);
    expect(host).toBe('kafka.eu-west-1.amazonaws.com');
    expect(searchParams.get('Action')).toBe('kafka-cluster:Connect');
    expect(searchParams.get('X-Amz-Credential')).toMatch(
      /^AKIDLOAD\/\d{8}\/eu-west-1\/kafka-cluster\/aws4_request$/,
    );
    expect(searchParams.get('X-Amz-Expires')).toBe('900');
  });
});
