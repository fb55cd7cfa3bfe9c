import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { pino } from 'pino';
import { monotonicFactory } from 'ulid';
import { defaultTemporalAddress, demandKeysBeyondLoopback, readConfig, readVersion } from '../config.ts';
import { knownClusters } from '../machine/clusters/cluster-files.ts';
import { roomOf } from '../machine/resources/room.ts';
import { createObjectStore, createS3Client, type ObjectStore } from '../storage/object-store.ts';
import { startTracing } from '../tracing.ts';
import { reportFatal } from '../user-error.ts';
import { AuditTrail } from './access/audit.ts';
import { Keyring } from './access/keyring.ts';
import { createApp } from './app.ts';
import { createApiServer } from './http/listener.ts';
import { readBuiltPage } from './page/built-page.ts';
import { TemporalClient } from './sources/temporal-client.ts';

/** Longest time that the audit trail may take to be written on shutdown. */
const longestFlushMs = 3_000;

/** Longest time that answers under way are given on shutdown. */
const shutdownGraceMs = 5_000;

/** Runs the API until SIGTERM or SIGINT. It serves even while Temporal or S3 are away; `/readyz` says which. */
async function main(): Promise<void> {
  const config = readConfig();
  const { host, port, keys, keysFile, requestsPerMinute } = config.api;
  const log = pino({ base: { part: 'api' } });
  demandKeysBeyondLoopback(config.api);
  const keyring = new Keyring({ keys, file: keysFile, log });

  const tracing = config.isTraced ? await startTracing('comparator-api', readVersion()) : null;
  const { address, access } = config.temporal;
  const connection = Connection.lazy({ address: address ?? defaultTemporalAddress, ...access });
  const s3 = createS3Client({ region: config.aws.region, endpointUrl: config.aws.endpointUrl });
  const stop = new AbortController();
  const newUlid = monotonicFactory();
  const store = createObjectStore(s3, config.resultsBucket);
  void ensureBucketSoon(store, stop.signal);
  const newId = () => newUlid().toLowerCase();
  const auditTrail = new AuditTrail({ store, log, newId });
  const app = createApp({
    gateway: new TemporalClient(connection, config.temporal.namespace, tracing?.client),
    store,
    keyring,
    requestsPerMinute,
    auditTrail,
    ui: { url: config.temporal.uiUrl, namespace: config.temporal.namespace },
    newId,
    now: () => new Date(),
    log,
    shutdown: stop.signal,
    room: () => roomOf(config.home),
    prices: config.prices,
    clusters: () => knownClusters(config.clustersFile),
    cloud: { ...config.cloud, region: config.aws.region },
    processMetrics: true,
    page: readBuiltPage(),
    readAhead: true,
    listsFolder: join(config.home, 'lists'),
    retentionDays: config.retentionDays,
  });

  const server = createApiServer(app.fetch, host);
  server.listen(port, host, () => {
    const { address, port: bound } = server.address() as AddressInfo;
    log.info({ address, port: bound, keys: keyring.isAsked }, 'listening');
  });
  server.on('error', (error) => {
    log.fatal({ err: error }, `cannot listen on ${host}:${port}: ${error.message}`);
    process.exitCode = 1;
    stop.abort();
    void connection.close();
  });

  const shutdown = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted) return;
    log.info({ signal }, 'stopping');
    stop.abort();
    const insist = setTimeout(() => server.closeAllConnections(), shutdownGraceMs);
    server.close(async () => {
      clearTimeout(insist);
      // S3 may be away; the log has all of it.
      await Promise.race([auditTrail.flush(), delay(longestFlushMs)]);
      await tracing?.stop();
      s3.destroy();
      void connection.close().finally(() => {
        log.info('stopped');
        // A call that the client still repeats would throw once its connection is closed.
        process.exit();
      });
    });
    server.closeIdleConnections();
  };
  process.on('SIGTERM', shutdown);
  process.on('SIGINT', shutdown);
}

/** Makes the bucket once S3 answers; until then, and where that is not allowed, `/readyz` says what is wrong. */
async function ensureBucketSoon(store: ObjectStore, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await store.ensureBucket();
    } catch {
      await delay(2_000, undefined, { signal }).catch(() => {});
    }
  }
}

main().catch((error: unknown) => process.exit(reportFatal(error)));
