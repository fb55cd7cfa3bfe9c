import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { endlessAttempt } from '../../../../activities/home/attempt.ts';
import {
  beginOperation,
  type ExperimentFolder,
  experimentFolderOf,
  prepareExperimentFolder,
} from '../../../../activities/home/folder/experiment-folder.ts';
import { leaveMachine, livesHere } from '../../../../activities/home/leaving/leave.ts';
import { startRun } from '../../../../activities/home/runs/start-run.ts';
import { lookAtRun, runFiles } from '../../../../activities/home/runs/terraform-run.ts';
import { projectRoot } from '../../../../src/config.ts';
import { experimentEnvironment } from '../../../../src/contracts/temporal/infrastructure-activities.ts';
import { isAlive, ownWhereabouts } from '../../../../src/machine/identity.ts';
import {
  endLaunched,
  findLaunched,
  readLaunchRecords,
  writeLaunchRecord,
} from '../../../../src/machine/launched.ts';
import { startDetached } from '../../../../src/machine/start.ts';
import { until } from '../../../support/until.ts';

/** Real supervisors, over a terraform that a test steers. */

let home: string;
let folder: ExperimentFolder;
let terraform: string;

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'comparator-leave-')));
  folder = experimentFolderOf(home, 'exp-1', 'nats', 'local');
  prepareExperimentFolder(folder, join(projectRoot, 'terraform'), 'nats');
  terraform = join(home, 'terraform');
});
afterEach(async () => {
  await endLaunched(folder.path);
  for (const { supervisor, liveTerraform } of look()) {
    for (const one of [supervisor, liveTerraform]) if (one && isAlive(one)) process.kill(one.pid, 'SIGKILL');
  }
  rmSync(home, { recursive: true, force: true });
});

const signals = () => readFileSync(join(home, 'signals'), 'utf8');
const run = (number: number) => lookAtRun(folder.path, folder.runs, number, hostname());
function look() {
  const view = run(1);
  return view ? [{ supervisor: view.claim.supervisor, liveTerraform: view.liveTerraform }] : [];
}

/** @param onInterrupt what its program does then */
async function startTerraform({
  endsAfterMs = 60_000,
  onInterrupt = 'setTimeout(() => process.exit(1), 200)',
}) {
  const file = JSON.stringify(join(home, 'signals'));
  writeFileSync(
    terraform,
    `#!${process.execPath}
const { appendFileSync } = require('node:fs');
process.on('SIGINT', () => { appendFileSync(${file}, 'SIGINT '); ${onInterrupt} });
appendFileSync(${file}, '');
setTimeout(() => process.exit(0), ${endsAfterMs});`,
    { mode: 0o755 },
  );
  const operation = beginOperation(folder, 'apply', 'run-1');
  const environment = { PATH: process.env.PATH, [experimentEnvironment.runFolder]: folder.path };
  const order = { operation, steps: [['apply']], terraform, node: process.execPath, environment };
  await startRun(folder, { ...order, limitMs: 60_000, patienceMs: 30_000 }, endlessAttempt);
  await until('terraform to run', () => existsSync(join(home, 'signals')) && run(1)?.liveTerraform);
}

function leaving(interruptAfterMs: number, leaveAfterMs: number): Promise<boolean> {
  const now = Date.now();
  return leaveMachine(home, { interruptAt: now + interruptAfterMs, leaveBy: now + leaveAfterMs });
}

test('a machine on which nothing was ever started is left at once', async () => {
  expect(await leaving(10_000, 20_000)).toBe(true);
});

test('a terraform that ends in time is waited for, and not interrupted', async () => {
  await startTerraform({ endsAfterMs: 500 });
  expect(livesHere(home)).toBe(true);
  expect(await leaving(20_000, 30_000)).toBe(true);
  expect(run(1)).toMatchObject({ state: 'finished', exit: { succeeded: true, stopped: null } });
  expect([signals(), livesHere(home)]).toEqual(['', false]);
});

test('one that would take longer gets one SIGINT, and says how it ended', async () => {
  await startTerraform({});
  expect(await leaving(300, 20_000)).toBe(true);
  expect(run(1)).toMatchObject({ state: 'finished', exit: { succeeded: false, stopped: 'asked' } });
  expect(signals()).toBe('SIGINT ');
});

test('so does one whose supervisor was killed', async () => {
  await startTerraform({});
  process.kill(run(1)?.claim.supervisor.pid as number, 'SIGKILL');
  await until('it is orphaned', () => run(1)?.state === 'orphaned');
  expect(await leaving(300, 20_000)).toBe(true);
  expect([run(1)?.state, signals()]).toEqual(['vanished', 'SIGINT ']);
});

test('one that does not end is left behind when time is up, and what it may be using with it', async () => {
  await startTerraform({ onInterrupt: '' });
  await startBroker();
  expect(await leaving(100, 1_000)).toBe(false);
  expect(signals()).toBe('SIGINT ');
  expect(findLaunched(folder.path).map(({ name }) => name)).toEqual(['broker-1']);
});

test('what launchers have started is ended with its records, after the terraform', async () => {
  await startTerraform({ endsAfterMs: 400 });
  const broker = await startBroker();
  expect(await leaving(20_000, 30_000)).toBe(true);
  expect([isAlive(broker), readLaunchRecords(folder.path), livesHere(home)]).toEqual([false, [], false]);
  expect(existsSync(runFiles(folder.runs, 1).exit)).toBe(true);
});

test('records of what was started elsewhere stay', async () => {
  const at = { ...ownWhereabouts(), host: 'other-machine', boot: 'boot-2' };
  const identity = { pid: 2 ** 30, startToken: 'boot-2:1' };
  writeLaunchRecord(folder.path, { name: 'broker-1', identity, folders: [], startedAt: at0, at });
  expect(await leaving(1_000, 2_000)).toBe(true);
  expect(readLaunchRecords(folder.path)).toHaveLength(1);
});

const at0 = new Date(0).toISOString();

async function startBroker() {
  const identity = await startDetached({
    file: process.execPath,
    args: ['-e', 'setInterval(() => {}, 1_000)'],
    cwd: folder.path,
    environment: {
      [experimentEnvironment.runFolder]: folder.path,
      [experimentEnvironment.process]: 'broker-1',
    },
    logFile: join(home, 'broker.log'),
  });
  const startedAt = new Date().toISOString();
  writeLaunchRecord(folder.path, { name: 'broker-1', identity, folders: [], startedAt });
  return identity;
}
