import { join } from 'node:path';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { claimHome, homeIdOf } from '../activities/control/home.ts';
import {
  ensureInstallation,
  knownInstallation,
  rememberInstallation,
} from '../activities/control/installation.ts';
import { createMeasuredNow } from '../activities/control/measured-now.ts';
import { createReaperActivities } from '../activities/control/reaper.ts';
import { createRecordActivities } from '../activities/control/records.ts';
import { createResultActivities } from '../activities/control/results.ts';
import { createSlotActivities } from '../activities/control/slots.ts';
import { infrastructureDependencies } from '../activities/home/dependencies.ts';
import { findExperiments } from '../activities/home/find-experiments.ts';
import { sweepExperimentFolders } from '../activities/home/folder/experiment-folder.ts';
import { prepareTemporaryFolder } from '../activities/home/folder/temporary.ts';
import { createInfrastructureActivities, guardedDestroy } from '../activities/home/infrastructure.ts';
import { type Config, projectRoot, readConfig } from './config.ts';
import { controlTaskQueue, searchAttributes } from './contracts/temporal/names.ts';
import { toolPaths } from './stack/setup/tools.ts';
import { createObjectStore, createS3Client, type ObjectStore } from './storage/object-store.ts';
import { createRecords } from './storage/records.ts';
import { failureInterceptor } from './temporal/failure-interceptor.ts';
import { createHomeWitness, workerIdentity } from './temporal/home-witness.ts';
import { scheduledInstallation, scheduleReaper } from './temporal/reaper-schedule.ts';
import { StartError } from './temporal/start-error.ts';
import { workflowBundle } from './temporal/workflow-bundle.ts';
import { reportFatal } from './user-error.ts';

/** Where Temporal's own tools look when nothing else is said. */
const defaultTemporalAddress = '127.0.0.1:7233';

/** Runs the control worker until SIGTERM or SIGINT; terraform and what it started go on without it. */
async function main(): Promise<void> {
  const config = readConfig();
  const { namespace } = config.temporal;
  const address = config.temporal.address ?? defaultTemporalAddress;
  const logger = new DefaultLogger('INFO');
  const { workerMetrics } = config.stackPorts;
  const prometheus = { bindAddress: `127.0.0.1:${workerMetrics}` };
  Runtime.install({ logger, telemetryOptions: workerMetrics ? { metrics: { prometheus } } : {} });
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  await checkSearchAttributes(connection, namespace);
  const { region, endpointUrl } = config.aws;
  const store = createObjectStore(createS3Client({ region, endpointUrl }), config.resultsBucket);
  prepareTemporaryFolder(config.home);
  sweepExperimentFolders(config.home);
  const known = knownInstallation(config.home, await scheduledInstallation(client));
  const installationId = (await ensureInstallation(store, known)).id;
  await scheduleReaper(client, installationId);
  rememberInstallation(config.home, installationId);
  const home = homeIdOf(config.home);
  await claimHome(store, home, createHomeWitness(client));
  const nativeConnection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection: nativeConnection,
    namespace,
    taskQueue: controlTaskQueue,
    identity: workerIdentity(home),
    workflowBundle: await workflowBundle(projectRoot, join(config.tools, 'workflows'), logger),
    activities: createActivities({ config, client, address, store, installationId }),
    interceptors: { activity: [failureInterceptor] },
    // A cancellation reaches an activity with the answer to a heartbeat, and the SDK holds heartbeats back for up to these:
    // measured, a cancel arrived after 14 s by default, and within 1 s so.
    maxHeartbeatThrottleInterval: '1 second',
    defaultHeartbeatThrottleInterval: '1 second',
    // How long a workflow waits for a worker that was killed before another one takes it.
    stickyQueueScheduleToStartTimeout: '3 seconds',
    shutdownGraceTime: '3 seconds',
    shutdownForceTime: '20 seconds',
  });
  try {
    await worker.run();
  } finally {
    await nativeConnection.close();
    await connection.close();
  }
}

interface Surroundings {
  config: Config;
  client: Client;
  address: string;
  store: ObjectStore;
  installationId: string;
}

function createActivities({ config, client, address, store, installationId }: Surroundings): object {
  const { region, endpointUrl } = config.aws;
  const records = createRecords(store);
  const deps = infrastructureDependencies({
    config,
    tools: toolPaths(config),
    store,
    kinesis: new KinesisClient({
      region,
      ...(endpointUrl ? { endpoint: endpointUrl } : {}),
      // The emulator ends HTTP/2 sessions with errors after a while.
      requestHandler: new NodeHttpHandler({ connectionTimeout: 3_000, requestTimeout: 15_000 }),
    }),
    temporal: { address, namespace: config.temporal.namespace },
    endpointUrl,
    installationId,
    measuredNow: createMeasuredNow(client),
  });
  const infrastructure = createInfrastructureActivities(deps);
  const slots = createSlotActivities({
    client,
    records,
    findExperiments: () => findExperiments(deps),
    inventory: infrastructure.inventory,
  });
  return {
    ...infrastructure,
    ...slots,
    ...createRecordActivities({ records }),
    ...createResultActivities({ store }),
    ...createReaperActivities({
      client,
      records,
      findExperiments: () => findExperiments(deps),
      store,
      inventory: infrastructure.inventory,
      destroy: guardedDestroy(deps),
      releaseSlot: slots.releaseSlot,
    }),
  };
}

/** Without them, an upsert would leave a workflow stuck without a word. */
async function checkSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(searchAttributes).filter(([name]) => !(name in (customAttributes ?? {})));
  if (missing.length === 0) return;
  const options = missing.map(([name, type]) => `--name ${name} --type ${type}`).join(' ');
  throw new StartError(
    `Temporal's namespace ${namespace} lacks search attributes. Make them with:\n` +
      `  temporal operator search-attribute create --namespace ${namespace} ${options}`,
  );
}

main().catch((error: unknown) => {
  process.exitCode = reportFatal(error);
});
