import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { type LoadGeneratorConfig, readLoadGeneratorConfig } from '../src/config.ts';
import { loadGeneratorTaskQueue } from '../src/contracts/temporal/names.ts';
import { writeJsonAtomic } from '../src/machine/atomic-file.ts';
import { createObjectStore, createS3Client } from '../src/storage/object-store.ts';
import { failureInterceptor } from '../src/temporal/failure-interceptor.ts';
import { reportFatal } from '../src/user-error.ts';
import { createLoadGenerator } from './activities.ts';
import { calibrateOnce } from './calibration/calibration.ts';
import { createLog } from './log.ts';

const retryMs = 500;

/** Signals that end the process; the second one ends it without waiting. */
const endingSignals = ['SIGTERM', 'SIGINT'] as const;

/** Runs a load generator until a signal ends it. */
async function main(): Promise<void> {
  const config = readLoadGeneratorConfig();
  const log = createLog({ experiment: config.experimentId, generator: config.generator });
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      // It runs activities only, on purpose.
      if (message.startsWith('No workflows registered')) return;
      log(
        level === 'ERROR' ? 'error' : 'warn',
        `temporal: ${message}`,
        meta && { error: String(meta.error ?? '') },
      );
    }),
    // Ours, below: the worker may not exist yet when one arrives.
    shutdownSignals: [],
  });
  const store = createObjectStore(createS3Client(config.aws), config.resultsBucket);
  const generator = createLoadGenerator({
    store,
    log,
    runFolder: config.runFolder,
    // Several on one machine would measure each other; the result tells of the first one's machine.
    ...(config.generator === 0 && { calibrate: () => calibrateOnce(config.runFolder ?? tmpdir()) }),
  });
  let worker: Worker | null = null;
  let ending = false;
  const end = () => {
    if (ending) process.exit(1);
    ending = true;
    if (worker?.getState() === 'RUNNING') worker.shutdown();
    // Connecting to a server that is away would take longer than whoever sent the signal waits.
    else void generator.close().then(() => process.exit(0));
  };
  for (const signal of endingSignals) process.on(signal, end);

  // The Temporal server may be restarted while an experiment runs. The client reconnects by itself; what it cannot
  // mend, a new worker does, and the sessions stay open meanwhile.
  while (!ending) {
    try {
      const { address, access } = config.temporal;
      const connection = await NativeConnection.connect({ address, ...access });
      try {
        worker = await createWorker(config, connection, generator.activities);
        if (ending) break;
        const run = worker.run();
        writeReadyFile(config);
        await run;
      } finally {
        await connection.close().catch(() => {});
      }
    } catch (error) {
      if (ending) break;
      log('warn', 'no connection to the Temporal server; trying again', { error: String(error) });
      await delay(retryMs);
    }
  }
  await generator.close();
}

function createWorker(
  config: LoadGeneratorConfig,
  connection: NativeConnection,
  activities: object,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: loadGeneratorTaskQueue(config.experimentId, config.generator),
    activities,
    interceptors: { activity: [failureInterceptor] },
    // There are never more than three activities at a time.
    maxConcurrentActivityTaskPolls: 2,
    // How late a cancellation may arrive; the default is a minute.
    maxHeartbeatThrottleInterval: '1 second',
    defaultHeartbeatThrottleInterval: '1 second',
    // Activities are cancelled at once, and have a moment to say so.
    shutdownGraceTime: 0,
    shutdownForceTime: '3 seconds',
  });
}

/** For whoever waits until this generator polls its task queue. */
function writeReadyFile({ readyFile, experimentId, generator }: LoadGeneratorConfig): void {
  if (readyFile === null) return;
  writeJsonAtomic(readyFile, { pid: process.pid, experimentId, generator, readyAtEpochMs: Date.now() });
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.exit(reportFatal(error));
}
