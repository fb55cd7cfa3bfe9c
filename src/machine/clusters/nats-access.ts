import {
  type ConnectionOptions,
  credsAuthenticator,
  nkeyAuthenticator,
  type TlsOptions,
} from '@nats-io/transport-node';
import type { NatsCluster } from '../../contracts/input/clusters/nats-cluster.ts';
import { type ClusterFiles, findCluster } from './cluster-files.ts';

/** Where servers are, and who one is there, as the client takes it. It holds secrets: it goes to who connects, and nowhere else. */
export type NatsAccess = Pick<ConnectionOptions, 'servers' | 'user' | 'pass' | 'token' | 'authenticator'> & {
  tls?: TlsOptions;
};

/**
 * Finds out where the servers of a cluster are, and reads certificates and credentials.
 * @throws ClusterError when the file does not name it, or what it names cannot be read
 */
export function natsAccess(file: string | null, name: string): NatsAccess {
  const { cluster, files } = findCluster(file, name, 'nats');
  const tls = files.tls(cluster.tls);
  return {
    servers: cluster.servers,
    ...(tls && { tls }),
    ...(cluster.authentication ? authenticationOf(cluster.authentication, files) : {}),
  };
}

function authenticationOf(
  authentication: NonNullable<NatsCluster['authentication']>,
  files: ClusterFiles,
): Pick<NatsAccess, 'user' | 'pass' | 'token' | 'authenticator'> {
  switch (authentication.method) {
    case 'password':
      return {
        user: files.read(authentication.usernameFile).trim(),
        pass: files.readSecret(authentication.passwordFile),
      };
    case 'token':
      return { token: files.readSecret(authentication.tokenFile) };
    case 'nkey':
      return { authenticator: nkeyAuthenticator(bytes(files.read(authentication.seedFile).trim())) };
    case 'credentials':
      return { authenticator: credsAuthenticator(bytes(files.read(authentication.credentialsFile))) };
  }
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

interface Told {
  name?: string;
  code?: string;
  message?: string;
  cause?: unknown;
}

/** Why servers cannot be used, and what to do; and whether it may pass by itself. */
export function natsProblem(error: unknown): { message: string; passing: boolean } {
  const all = [...everythingTold(error)];
  const text = all.map(({ message = '' }) => message).find(Boolean) ?? String(error);
  const told = all.map(({ name = '', code = '', message = '' }) => `${name} ${code} ${message}`).join(' ');
  if (/authorization|authentication|nkey|jwt|Invalid (seed|encoding|checksum|prefix)/i.test(told))
    return {
      message: `the servers refuse who we are: ${text}; check what authentication says of it`,
      passing: false,
    };
  if (/permissions? violation/i.test(told))
    return {
      message: `${text}; let the user publish and subscribe to $JS.API.>, _INBOX.> and cmp-*.>`,
      passing: false,
    };
  if (/jetstream.*not enabled|JetStreamNotEnabled/i.test(told))
    return { message: 'JetStream is not enabled there; enable it for the account', passing: false };
  if (/certificate|CERT_|ssl|'tls'|ERR_TLS|TLS/.test(told))
    return {
      message: `TLS failed: ${text}; check tls, and the name by which the servers are addressed`,
      passing: false,
    };
  return { message: `it cannot be reached: ${text}; check the addresses`, passing: true };
}

function* everythingTold(error: unknown, depth = 0): Generator<Told> {
  if (typeof error !== 'object' || error === null || depth > 10) return;
  yield error as Told;
  yield* everythingTold((error as Told).cause, depth + 1);
}
