import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readJson, readJsonOrNull, writeJsonAtomic } from '../../../src/machine/atomic-file.ts';
import { isAlive } from '../../../src/machine/identity.ts';
import { tailLog } from '../../../src/machine/log-tail.ts';
import { startDetached } from '../../../src/machine/start.ts';
import { AttemptLostError } from '../../../src/temporal/activity-error.ts';
import { type Attempt, assertOwned } from '../attempt.ts';
import { TerraformFailedError } from '../errors.ts';
import type { ExperimentFolder, Operation } from '../folder/experiment-folder.ts';
import { type Refusal, type RunRequest, refusalSchema, requestFiles } from './run-request.ts';
import { claimSchema, listRuns, runFiles } from './terraform-run.ts';

const supervisorProgram = fileURLToPath(new URL('./supervisor.ts', import.meta.url));
const startTimeoutMs = 20_000;

export interface RunOrder {
  operation: Operation;
  steps: string[][];
  terraform: string;
  node: string;
  /** The supervisor's and terraform's whole environment. */
  environment: Record<string, string | undefined>;
  limitMs: number;
  patienceMs: number;
}

/**
 * Starts a supervisor and returns the number of its run once it has claimed it.
 * @throws AttemptLostError when another run is in the way
 */
export async function startRun(folder: ExperimentFolder, order: RunOrder, attempt: Attempt): Promise<number> {
  const name = `${Date.now()}-${randomUUID().slice(0, 8)}`;
  const files = requestFiles(folder.requests, name);
  const request: RunRequest = {
    name,
    token: order.operation.token,
    kind: order.operation.kind,
    workflowRunId: order.operation.workflowRunId,
    folder: folder.path,
    runs: folder.runs,
    root: folder.root,
    terraform: order.terraform,
    steps: order.steps,
    limitMs: order.limitMs,
    patienceMs: order.patienceMs,
    startBeforeEpochMs: Date.now() + startTimeoutMs,
  };
  // Whoever has emptied the home in the meantime took it along.
  if (order.environment.TMPDIR) mkdirSync(order.environment.TMPDIR, { recursive: true, mode: 0o700 });
  writeJsonAtomic(files.request, request);
  assertOwned(attempt);
  const logFile = `${folder.requests}/${name}.log`;
  const supervisor = await startDetached({
    file: order.node,
    args: [supervisorProgram, files.request, files.refusal],
    cwd: folder.path,
    environment: order.environment,
    logFile,
  });
  for (;;) {
    const alive = isAlive(supervisor);
    const number = findClaim(folder.runs, name);
    if (number !== null) return number;
    const refusal = readJson(files.refusal, refusalSchema);
    if (refusal) throw refused(refusal);
    if (!alive)
      throw new TerraformFailedError(
        `the supervisor did not start: ${tailLog(logFile, 0, 25).join('\n')}`,
        [],
      );
    await delay(15);
  }
}

function findClaim(runs: string, request: string): number | null {
  for (const number of listRuns(runs).reverse()) {
    if (readJsonOrNull(runFiles(runs, number).claim, claimSchema)?.request === request) return number;
  }
  return null;
}

function refused({ reason, message }: Refusal): Error {
  if (reason === 'failed') return new TerraformFailedError(`the supervisor failed: ${message}`, []);
  return new AttemptLostError(message);
}
