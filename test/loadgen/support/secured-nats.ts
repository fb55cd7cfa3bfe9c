import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection, nkeys } from '@nats-io/transport-node';
import { stringify } from 'yaml';
import type { NatsCluster } from '../../../src/contracts/input/clusters/nats-cluster.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { freePort } from '../../support/free-port.ts';
import { natsAccount } from './nats-account.ts';
import { startNats } from './servers.ts';

/** What must be found nowhere but in the files that a test made for it. */
export const natsSecret = 'canary-nats-5d2e7a';
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Servers that ask for TLS and who one is, as a user's own do, and a file of clusters that says how to get in. */
export interface SecuredNats {
  clustersFile: string;
  /** As somebody else, past what is tested. */
  theirs: { connection: NatsConnection; manager: JetStreamManager };
  setPassword(which: 'right' | 'wrong'): void;
  /** Everything secret. */
  secrets: RegExp;
  stop(): Promise<void>;
}

/**
 * Starts them. The file has the clusters `password`, `nkey`, `token` and `credentials`, which can be used; and
 * `wrong-password`, `wrong-nkey`, `wrong-token`, `wrong-credentials`, `limited` (may not use JetStream), `wrong-certificate`,
 * `in-the-open` (which speaks no TLS), `no-jetstream` and `away`, which cannot.
 */
export async function startSecuredNats(): Promise<SecuredNats> {
  const folder = mkdtempSync(join(tmpdir(), 'cmp-test-secured-nats-'));
  makeCertificates(folder);
  const file = (name: string) => join(folder, name);
  const tls = { cert_file: file('broker.pem'), key_file: file('broker.key'), ca_file: file('ca.pem') };
  const [own, stranger] = [nkeys.createUser(), nkeys.createUser()];
  const account = natsAccount();
  const users = [
    { user: 'comparator', password: natsSecret },
    { user: 'theirs', password: 'theirs' },
    {
      user: 'limited',
      password: natsSecret,
      permissions: { publish: ['orders.>'], subscribe: ['_INBOX.>'] },
    },
    { nkey: own.getPublicKey() },
  ];
  const all = await Promise.all([
    startNats(1, { tls, authorization: { users } }),
    startNats(1, { tls, authorization: { token: natsSecret } }),
    startNats(1, { tls, ...account.configuration }),
    startNats(),
    startNats(1, { tls, jetstream: 'disabled', authorization: { users } }),
  ]);
  const [main, token, credentials, open, without] = all.map(({ servers }) => servers) as string[][];
  const setPassword = (which: 'right' | 'wrong') =>
    writeFileSync(file('password'), which === 'right' ? `${natsSecret}\n` : 'canary-wrong\n');
  setPassword('right');
  for (const [name, content] of Object.entries({
    user: 'comparator\n',
    limited: 'limited',
    secret: natsSecret,
    wrong: 'canary-wrong',
    seed: `${text(own.getSeed())}\n`,
    'wrong-seed': text(stranger.getSeed()),
    'own.creds': account.credentials,
    'wrong.creds': natsAccount().credentials,
  }))
    writeFileSync(file(name), content);
  const cluster = (
    name: string,
    servers: string[] | undefined,
    authentication: NatsCluster['authentication'],
    caFile = 'ca.pem',
  ): NatsCluster => ({ name, technology: 'nats', servers: servers ?? [], tls: { caFile }, authentication });
  const password = (passwordFile: string, usernameFile = 'user') =>
    ({ method: 'password', usernameFile, passwordFile }) as const;
  const clusters: NatsCluster[] = [
    cluster('password', main, password('password')),
    cluster('nkey', main, { method: 'nkey', seedFile: 'seed' }),
    cluster('token', token, { method: 'token', tokenFile: 'secret' }),
    cluster('credentials', credentials, { method: 'credentials', credentialsFile: 'own.creds' }),
    cluster('wrong-password', main, password('wrong')),
    cluster('wrong-nkey', main, { method: 'nkey', seedFile: 'wrong-seed' }),
    cluster('wrong-token', token, { method: 'token', tokenFile: 'wrong' }),
    cluster('wrong-credentials', credentials, { method: 'credentials', credentialsFile: 'wrong.creds' }),
    cluster('limited', main, password('secret', 'limited')),
    cluster('wrong-certificate', main, password('password'), 'stranger.pem'),
    cluster('in-the-open', open, password('password')),
    cluster('no-jetstream', without, password('password')),
    cluster('away', [`127.0.0.1:${await freePort()}`], password('password')),
  ];
  const clustersFile = file('clusters.yaml');
  writeFileSync(clustersFile, stringify({ clusters }));
  const connection = await connect({
    servers: main ?? [],
    user: 'theirs',
    pass: 'theirs',
    tls: { caFile: file('ca.pem') },
  });
  return {
    clustersFile,
    theirs: { connection, manager: await jetstreamManager(connection) },
    setPassword,
    secrets: new RegExp(`canary-|${text(own.getSeed())}|BEGIN USER NKEY SEED`),
    async stop() {
      await connection.close();
      await Promise.all(all.map((servers) => servers.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
