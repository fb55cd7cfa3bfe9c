import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Cluster } from '../../../src/contracts/input/clusters/cluster-file.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { freePort } from '../../support/free-port.ts';
import { startKafka } from './servers.ts';

/** What must be found nowhere but in the file that a test made for it. */
export const secretPassword = 'canary-7f3a91c2e4';
/** It says as much as one that is right, but is not. */
const wrongPassword = 'canary-wrong-55d0';
const user = 'comparator-user';

/** A broker that asks for TLS and a password, as a user's own does, and a file of clusters that says how to get in. */
export interface SecuredKafka {
  /** Without either, for what a test looks at past what is tested. */
  bootstrapServers: string[];
  /** The file of `COMPARATOR_CLUSTERS`. */
  clustersFile: string;
  /** Replaces the password by another, or by the right one. */
  setPassword(which: 'right' | 'wrong'): void;
  pid: number;
  stop(): Promise<void>;
}

/**
 * Starts one. Its file has the clusters `scram-512`, `scram-256`, `plain` and `mutual` (by certificate), which can be used,
 * and `wrong-password`, `wrong-plain`, `wrong-certificate` (signed by a stranger) and `away`, which cannot.
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
  const broker = await startKafka({ ...securityOf(folder), ...properties }, [], {
    listeners: [`SASL_SSL://127.0.0.1:${saslPort}`, `SSL://127.0.0.1:${mutualPort}`],
    formatting: users,
  }).catch((error) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  writeFileSync(join(folder, 'user'), `${user}\n`);
  writeFileSync(join(folder, 'wrong'), wrongPassword);
  const setPassword = (which: 'right' | 'wrong') =>
    writeFileSync(join(folder, 'password'), `${which === 'right' ? secretPassword : wrongPassword}\n`);
  setPassword('right');
  const clustersFile = join(folder, 'clusters.yaml');
  writeFileSync(clustersFile, stringify({ clusters: clustersAt(saslPort, mutualPort, nobodysPort) }));
  return {
    bootstrapServers: broker.bootstrapServers,
    clustersFile,
    setPassword,
    pid: broker.pid,
    async stop() {
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function clustersAt(saslPort: number, mutualPort: number, nobodysPort: number): Cluster[] {
  const sasl = { mechanism: 'SCRAM-SHA-512', usernameFile: 'user', passwordFile: 'password' } as const;
  const common = {
    technology: 'kafka',
    bootstrapServers: [`127.0.0.1:${saslPort}`],
    tls: { caFile: 'ca.pem' },
    sasl,
  } as const;
  const cluster = (name: string, own: Partial<Cluster> = {}): Cluster => ({
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
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512,SCRAM-SHA-256,PLAIN',
    [`${listener}.scram-sha-512.sasl.jaas.config`]: scram,
    [`${listener}.scram-sha-256.sasl.jaas.config`]: scram,
    [`${listener}.plain.sasl.jaas.config`]: plain,
  };
}
