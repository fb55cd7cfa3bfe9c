import { join } from 'node:path';
import { type Config, projectRoot } from '../../config.ts';
import { controlTaskQueue } from '../../contracts/temporal/names.ts';
import { programEnvironment, type Servers } from './environment.ts';
import { logFile } from './log-file.ts';
import { type StackProcess, stopGraceMs } from './stack-process.ts';
import { isPolling } from './temporal-probe.ts';

/**
 * The control worker. It serves once the Temporal server has seen this very process ask for work.
 * @param metricsPort where it serves its metrics on loopback; null for a worker beside the first
 */
export function workerProcess(config: Config, servers: Servers, metricsPort: number | null): StackProcess {
  return {
    name: 'worker',
    command: {
      file: process.execPath,
      args: [join(projectRoot, 'src', 'worker.ts')],
      cwd: projectRoot,
      environment: {
        ...programEnvironment(config, servers),
        COMPARATOR_WORKER_METRICS_PORT: metricsPort === null ? undefined : String(metricsPort),
      },
      logFile: logFile(config, 'worker'),
    },
    isReady: ({ pid }, startedAtEpochMs) =>
      isPolling({ ...config.temporal, address: servers.temporal.address }, controlTaskQueue, {
        pid,
        startedAtEpochMs,
      }),
    readyTimeoutMs: 120_000,
    stopGraceMs: stopGraceMs.worker,
  };
}
