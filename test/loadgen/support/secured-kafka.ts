import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readConfig } from '../../../src/config.ts';
import type { KafkaCluster } from '../../../src/contracts/input/clusters/kafka-cluster.ts';
import { toolPaths } from '../../../src/stack/setup/tools.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { freePort } from '../../support/free-port.ts';
import { startKafka } from './servers.ts';

/** What must be found nowhere but in the file that a test made for it. */
export const secretPassword = 'canary-7f3a91c2e4';
/** It says as much as one that is right, but is not. */
const wrongPassword = 'canary-wrong-55d0';
const user = 'comparator-user';

/** The only one whose signature the broker takes, as Amazon MSK would by a policy. */
const iamUser = { key: 'AKIDTEST0000', secret: 'canary-iam-0b5e81' };

/** Everything that must be found nowhere but in files that a test made for it. */
export const secrets = /canary-|eyJ[\w-]{20}|X-Amz-Signature|aHR0cHM6Ly9rYWZrYS/;

/** A broker that asks for TLS and a password or a token, as a user's own does, and a file of clusters that says how to get in. */
export interface SecuredKafka {
  /** Without either, for what a test looks at past what is tested. */
  bootstrapServers: string[];
  /** The file of `COMPARATOR_CLUSTERS`. */
  clustersFile: string;
  /** Replaces the password by another, or by the right one. */
  setPassword(which: 'right' | 'wrong'): void;
  /** Writes a new token, which is good for so long; tokens are never renewed by themselves. */
  setToken(forMs: number): void;
  /** The certificate of who has signed the broker's. */
  caFile: string;
  /** Where it asks for a password or a token. */
  saslServer: string;
  user: { username: string; password: string };
  iamUser: { key: string; secret: string };
  pid: number;
  stop(): Promise<void>;
}

/**
 * Starts one. Its file has the clusters `scram-512`, `scram-256`, `plain`, `token`, `iam` and `mutual` (by certificate), which
 * can be used, and `wrong-password`, `wrong-plain`, `wrong-token` (expired), `wrong-iam`, `no-iam` (nobody's),
 * `wrong-certificate` (signed by a stranger) and `away`, which cannot.
 */
export async function startSecuredKafka(properties: Record<string, string> = {}): Promise<SecuredKafka> {
  const folder = mkdtempSync(join(tmpdir(), 'cmp-test-secured-'));
  makeCertificates(folder);
  const store = ['broker.key', 'broker.pem', 'ca.pem'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  writeFileSync(join(folder, 'broker-store.pem'), store.join(''));
  const [saslPort, mutualPort, nobodysPort] = [await freePort(), await freePort(), await freePort()];
  const users = [512, 256].flatMap((bits) => [
    '--add-scram',
    `SCRAM-SHA-${bits}=[name=${user},password=${secretPassword}]`,
  ]);
  const broker = await startKafka({ ...securityOf(folder), ...properties }, iamOptions, {
    listeners: [`SASL_SSL://127.0.0.1:${saslPort}`, `SSL://127.0.0.1:${mutualPort}`],
    formatting: users,
    classes: [compileTokens(folder)],
  }).catch((error) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  writeFileSync(join(folder, 'user'), `${user}\n`);
  writeFileSync(join(folder, 'wrong'), wrongPassword);
  const setPassword = (which: 'right' | 'wrong') =>
    writeFileSync(join(folder, 'password'), `${which === 'right' ? secretPassword : wrongPassword}\n`);
  setPassword('right');
  const setToken = (forMs: number) => writeFileSync(join(folder, 'token'), tokenFor(forMs));
  setToken(3_600_000);
  writeFileSync(join(folder, 'wrong-token'), tokenFor(-60_000));
  writeFileSync(join(folder, 'aws'), profiles(iamUser));
  const clustersFile = join(folder, 'clusters.yaml');
  writeFileSync(clustersFile, stringify({ clusters: clustersAt(saslPort, mutualPort, nobodysPort) }));
  return {
    bootstrapServers: broker.bootstrapServers,
    clustersFile,
    setPassword,
    setToken,
    caFile: join(folder, 'ca.pem'),
    saslServer: `127.0.0.1:${saslPort}`,
    user: { username: user, password: secretPassword },
    iamUser,
    pid: broker.pid,
    async stop() {
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function clustersAt(saslPort: number, mutualPort: number, nobodysPort: number): KafkaCluster[] {
  const sasl = { mechanism: 'SCRAM-SHA-512', usernameFile: 'user', passwordFile: 'password' } as const;
  const common = {
    technology: 'kafka',
    bootstrapServers: [`127.0.0.1:${saslPort}`],
    tls: { caFile: 'ca.pem' },
    sasl,
  } as const;
  const iam = (profile: string) =>
    ({ mechanism: 'AWS_MSK_IAM', region: 'eu-west-1', credentialsFile: 'aws', profile }) as const;
  const cluster = (name: string, own: Partial<KafkaCluster> = {}): KafkaCluster => ({
    name,
    ...structuredClone(common),
    bootstrapServers: [...common.bootstrapServers],
    ...own,
  });
  return [
    cluster('scram-512'),
    cluster('scram-256', { sasl: { ...sasl, mechanism: 'SCRAM-SHA-256' } }),
    cluster('plain', { sasl: { ...sasl, mechanism: 'PLAIN' } }),
    cluster('mutual', {
      bootstrapServers: [`127.0.0.1:${mutualPort}`],
      tls: { caFile: 'ca.pem', certFile: 'client.pem', keyFile: 'client.key' },
      sasl: undefined,
    }),
    cluster('token', { sasl: { mechanism: 'OAUTHBEARER', tokenFile: 'token' } }),
    cluster('wrong-token', { sasl: { mechanism: 'OAUTHBEARER', tokenFile: 'wrong-token' } }),
    cluster('iam', { sasl: iam('right') }),
    cluster('wrong-iam', { sasl: iam('wrong') }),
    cluster('no-iam', { sasl: iam('nobody') }),
    cluster('wrong-password', { sasl: { ...sasl, passwordFile: 'wrong' } }),
    cluster('wrong-plain', { sasl: { ...sasl, mechanism: 'PLAIN', passwordFile: 'wrong' } }),
    cluster('wrong-certificate', { tls: { caFile: 'stranger.pem' } }),
    cluster('away', { bootstrapServers: [`127.0.0.1:${nobodysPort}`] }),
  ];
}

/** The broker's side, with PEM files, as its listeners have it. */
function securityOf(folder: string): Record<string, string> {
  const listener = 'listener.name.sasl_ssl';
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const plain = `org.apache.kafka.common.security.plain.PlainLoginModule required user_${user}="${secretPassword}";`;
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(folder, 'broker-store.pem'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(folder, 'ca.pem'),
    'listener.name.ssl.ssl.client.auth': 'required',
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512,SCRAM-SHA-256,PLAIN,OAUTHBEARER',
    [`${listener}.oauthbearer.sasl.jaas.config`]:
      'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;',
    [`${listener}.oauthbearer.sasl.server.callback.handler.class`]: 'MskTokens',
    [`${listener}.scram-sha-512.sasl.jaas.config`]: scram,
    [`${listener}.scram-sha-256.sasl.jaas.config`]: scram,
    [`${listener}.plain.sasl.jaas.config`]: plain,
  };
}

const iamOptions = [`-Dmsk.key=${iamUser.key}`, `-Dmsk.secret=${iamUser.secret}`];

/** The broker's judge of tokens. Returns the folder of its class. */
function compileTokens(folder: string): string {
  const { kafkaLibs } = toolPaths(readConfig());
  const source = join(import.meta.dirname, 'MskTokens.java');
  execFileSync('javac', ['-cp', `${kafkaLibs}/*`, '-d', join(folder, 'classes'), source], { stdio: 'pipe' });
  return join(folder, 'classes');
}

/** A JWT that nobody signed. */
function tokenFor(forMs: number): string {
  const seconds = Date.now() / 1_000;
  const claims = { sub: user, iat: Math.floor(seconds - 120), exp: seconds + forMs / 1_000 };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}

function profiles({ key, secret }: typeof iamUser): string {
  const profile = (name: string, own: string) =>
    `[${name}]\naws_access_key_id = ${key}\naws_secret_access_key = ${own}\n`;
  return `${profile('right', secret)}${profile('wrong', 'canary-of-somebody-else')}`;
}
