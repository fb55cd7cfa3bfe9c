import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { makeTelemetryFilterString, NativeConnection, Runtime } from '@temporalio/worker';
import { claimHome, homeIdOf } from '../activities/control/home.ts';
import {
  ensureInstallation,
  knownInstallation,
  rememberInstallation,
} from '../activities/control/installation.ts';
import { createMeasuredNow, createQuietActivity } from '../activities/control/measured-now.ts';
import { createReaperActivities } from '../activities/control/reaper.ts';
import { createRecordActivities } from '../activities/control/records.ts';
import { createResultActivities } from '../activities/control/results.ts';
import { createSlotActivities } from '../activities/control/slots.ts';
import { infrastructureDependencies } from '../activities/home/dependencies.ts';
import { sweepExperimentFolders } from '../activities/home/folder/experiment-folder.ts';
import { prepareTemporaryFolder } from '../activities/home/folder/temporary.ts';
import { createHome } from '../activities/home/infrastructure.ts';
import { protecting } from '../activities/home/leaving/protecting.ts';
import {
  apiUrl,
  type Config,
  containerAgentUri,
  defaultTemporalAddress,
  projectRoot,
  readConfig,
  readVersion,
} from './config.ts';
import { searchAttributes } from './contracts/temporal/names.ts';
import { toolPaths } from './stack/setup/tools.ts';
import { createObjectStore, createS3Client, type ObjectStore } from './storage/object-store.ts';
import { createRecords } from './storage/records.ts';
import { createWorkers, runTogether } from './temporal/control-workers.ts';
import { createHomeWitness } from './temporal/home-witness.ts';
import { scheduledInstallation, scheduleReaper } from './temporal/reaper-schedule.ts';
import { StartError } from './temporal/start-error.ts';
import { WorkerLogger } from './temporal/watching/worker-logger.ts';
import { createWorkerMetrics, prometheusAt } from './temporal/watching/worker-metrics.ts';
import { checksumOf, workflowBundle } from './temporal/workflow-bundle.ts';
import { startTracing } from './tracing.ts';
import { reportFatal } from './user-error.ts';

/** Runs the control worker until SIGTERM or SIGINT; terraform and what it started go on without it. */
async function main(): Promise<void> {
  const config = readConfig();
  const { namespace, access } = config.temporal;
  const address = config.temporal.address ?? defaultTemporalAddress;
  const logger = new WorkerLogger('INFO');
  const { workerMetrics } = config.stackPorts;
  const metrics = workerMetrics && prometheusAt(`${config.worker.metricsHost}:${workerMetrics}`);
  // What the SDK's core says goes the same way.
  const logging = { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) };
  Runtime.install({ logger, telemetryOptions: { logging, ...(metrics ? { metrics } : {}) } });
  const tracing = config.isTraced ? await startTracing('comparator-worker', readVersion()) : null;
  const connection = await Connection.connect({ address, ...access });
  const client = new Client({ connection, namespace, interceptors: { workflow: tracing?.client ?? [] } });
  await checkSearchAttributes(connection, namespace);
  const { region, endpointUrl } = config.aws;
  const store = createObjectStore(createS3Client({ region, endpointUrl }), config.resultsBucket);
  prepareTemporaryFolder(config.home);
  sweepExperimentFolders(config.home);
  const known = knownInstallation(config.home, await scheduledInstallation(client));
  const installationId = (await ensureInstallation(store, known)).id;
  await scheduleReaper(client, installationId);
  rememberInstallation(config.home, installationId);
  const home = await homeIdOf(store, config.home);
  await claimHome(store, { id: home, folder: config.home }, createHomeWitness(client));
  const nativeConnection = await NativeConnection.connect({ address, ...access });
  const bundle = await workflowBundle(projectRoot, join(config.tools, 'workflows'), logger);
  const workers = await createWorkers({
    connection: nativeConnection,
    namespace,
    home,
    workflowBundle: bundle,
    buildId: `${readVersion()}-${checksumOf(bundle)}`,
    tuning: config.worker,
    interceptors: tracing ? [tracing.activity] : [],
    ...createActivities({ config, client, address, store, installationId, home }),
  });
  try {
    await runTogether(workers);
  } catch (error) {
    throw logger.failure ?? error;
  } finally {
    await nativeConnection.close();
    await connection.close();
    await tracing?.stop();
  }
}

interface Surroundings {
  config: Config;
  client: Client;
  address: string;
  store: ObjectStore;
  installationId: string;
  home: string;
}

/** Those of the control workers, and those that are bound to this machine. */
function createActivities({ config, client, address, store, installationId, home }: Surroundings) {
  const records = createRecords(store);
  const measuredNow = createMeasuredNow(client);
  const here = createHome(
    infrastructureDependencies({
      config,
      tools: toolPaths(config),
      store,
      temporal: { address, namespace: config.temporal.namespace },
      installationId,
      measuredNow,
      terraformEnded: createWorkerMetrics(Runtime.instance().metricMeter).terraformEnded,
    }),
  );
  const slots = createSlotActivities({ ...here, client, records });
  const { releaseSlot } = slots;
  const { provision, destroy } = here.activities;
  const { logger } = Runtime.instance();
  const task = {
    agentUri: containerAgentUri(),
    home: config.home,
    warn: (message: string) => logger.warn(message),
  };
  const { destroyOrphan, ...reaping } = createReaperActivities({
    ...here,
    client,
    records,
    store,
    releaseSlot,
    home,
  });
  return {
    control: {
      ...slots,
      ...reaping,
      ...createRecordActivities({
        records,
        home,
        cloud: { ...config.cloud, region: config.aws.region },
        prices: config.prices,
      }),
      ...createResultActivities({
        store,
        prices: config.prices,
        pageOf: (id) => `${apiUrl(config.api)}/experiments/${id}`,
      }),
      ...createQuietActivity(measuredNow),
    },
    bound: { ...here.activities, ...protecting({ provision, destroy, destroyOrphan }, task) },
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

// A call that the client still repeats would throw once its connection is closed.
main().then(
  () => process.exit(),
  (error: unknown) => process.exit(reportFatal(error)),
);
