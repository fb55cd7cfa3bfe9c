import { X509Certificate } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionOptions as TlsConnectionOptions } from 'node:tls';
import { jetstreamManager } from '@nats-io/jetstream';
import {
  type ConnectionOptions,
  connect,
  type NatsConnection,
  type TlsOptions,
} from '@nats-io/transport-node';
import { readLoadGeneratorConfig } from '../../../src/config.ts';
import { addStream, isReady } from '../../../src/machine/clusters/nats-stream.ts';
import { makeCertificate, type OwnCertificate } from '../../../src/machine/clusters/own-certificate.ts';
import { createObjectStore, createS3Client } from '../../../src/storage/object-store.ts';
import { type ServerTask, ToldTasks } from '../../../src/storage/server-tasks.ts';
import type { NatsSettings, NatsTasksEndpoint } from '../../../src/technologies/nats/settings.ts';

/** From the start of their tasks, servers find each other and choose a leader within seconds. */
const timeoutMs = 60_000;
const pauseMs = 500;

/** What the servers know us by; one for each thread, made with its first connection. */
let introduced: Promise<{ told: ToldTasks; own: OwnCertificate }> | null = null;

/**
 * Connects to servers of the experiment's own, tasks on AWS, as soon as they have told where they are and have learnt who
 * we are; and makes the stream where nobody has: whoever connects first makes it, all others find it.
 * @throws with the last reason, once they have had a minute
 */
export async function connectTasks(
  endpoint: NatsTasksEndpoint,
  settings: NatsSettings,
  options: ConnectionOptions,
): Promise<NatsConnection> {
  introduced ??= introduce();
  const { told, own } = await introduced.catch((error: Error) => {
    introduced = null;
    throw error;
  });
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const servers = await told.servers();
    const problem =
      servers.length < endpoint.serverTasks
        ? `${servers.length} of ${endpoint.serverTasks} have told where they are`
        : await reach(servers, own, { endpoint, settings, options });
    if (typeof problem !== 'string') return problem;
    if (performance.now() > deadlineMs)
      throw new Error(`the NATS servers on Fargate cannot be used: ${problem}`);
    await delay(pauseMs);
  }
}

async function introduce() {
  const { aws, resultsBucket, experimentId } = readLoadGeneratorConfig();
  const told = new ToldTasks(createObjectStore(createS3Client(aws), resultsBucket), experimentId);
  const own = await makeCertificate('load-generator', null);
  await told.tellClient(own.certificate);
  return { told, own };
}

/** The connection, or why there is none yet. */
async function reach(
  servers: ServerTask[],
  { key, certificate }: OwnCertificate,
  {
    endpoint,
    settings,
    options,
  }: { endpoint: NatsTasksEndpoint; settings: NatsSettings; options: ConnectionOptions },
): Promise<NatsConnection | string> {
  let connection: NatsConnection | null = null;
  try {
    connection = await connect({
      servers: servers.map(({ host }) => host),
      tls: trusting(
        servers.map((one) => one.certificate),
        { key, certificate },
      ),
      ...options,
    });
    const manager = await jetstreamManager(connection);
    // Made again as it is, it is the one that there is.
    await addStream(manager, { ...settings, name: endpoint.stream });
    const stream = await manager.streams.info(endpoint.stream);
    if (isReady(stream, settings.replicas)) return connection;
    await connection.close();
    return 'not all replicas of the stream are up to date';
  } catch (error) {
    await connection?.close();
    return error instanceof Error ? error.message : String(error);
  }
}

/** Trusts servers that show one of these very certificates. The library, for an address, asks for the name localhost. */
function trusting(
  certificates: string[],
  { key, certificate }: OwnCertificate,
): TlsOptions & Pick<TlsConnectionOptions, 'checkServerIdentity'> {
  const known = new Set(certificates.map((one) => new X509Certificate(one).fingerprint256));
  return {
    ca: certificates.join(''),
    cert: certificate,
    key,
    checkServerIdentity: (_name, { fingerprint256 }) =>
      known.has(fingerprint256) ? undefined : new Error('its certificate is of no server of the experiment'),
  };
}
