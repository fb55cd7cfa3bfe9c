/**
 * The health check of an image: `healthy.ts api|worker|generator` ends with 0 where its process serves, else with 1. It
 * runs beside that process with the same environment. An API is healthy while Temporal or S3 are away: to start it again
 * would mend nothing, and `/readyz` says so to whoever spreads requests.
 */
import { existsSync } from 'node:fs';
import { readConfig, readyFile } from '../config.ts';
import { reportFatal, UserError, wrongUse } from '../user-error.ts';

const answerTimeoutMs = 4_000;

async function isHealthy(part: string | undefined): Promise<boolean> {
  const { api, stackPorts } = readConfig();
  switch (part) {
    case 'api':
      return (await ask(`http://127.0.0.1:${api.port}/healthz`)) !== null;
    case 'worker': {
      const metrics = await ask(`http://127.0.0.1:${stackPorts.workerMetrics}/metrics`);
      return metrics !== null && asksForWork(metrics);
    }
    case 'generator': {
      const file = readyFile();
      return file !== null && existsSync(file);
    }
    default:
      throw new UserError(`Say whose health, api, worker or generator, instead of ${part}`, wrongUse);
  }
}

/** Whether the SDK's metrics tell of somebody who polls for workflow tasks. */
function asksForWork(metrics: string): boolean {
  return /^temporal_num_pollers\{[^}]*poller_type="(sticky_)?workflow_task"[^}]*\} [1-9]/m.test(metrics);
}

async function ask(url: string): Promise<string | null> {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerTimeoutMs) });
  return response.ok ? await response.text() : null;
}

isHealthy(process.argv[2]).then(
  (healthy) => process.exit(healthy ? 0 : 1),
  (error: unknown) => process.exit(reportFatal(error)),
);
