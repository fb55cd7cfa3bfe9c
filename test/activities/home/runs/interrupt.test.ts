import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { stopAllOverdue } from '../../../../activities/home/runs/interrupt.ts';
import { type Claim, runFiles } from '../../../../activities/home/runs/terraform-run.ts';
import type { ProcessIdentity } from '../../../../src/contracts/storage/process.ts';
import { experimentEnvironment } from '../../../../src/contracts/temporal/infrastructure-activities.ts';
import { writeJsonAtomic } from '../../../../src/machine/atomic-file.ts';
import { identifyProcess, isAlive, pidNamespace } from '../../../../src/machine/identity.ts';
import { until } from '../../../support/until.ts';

const limitAt = Date.parse('2026-11-27T12:00:00.000Z');
const patienceMs = 60_000;
let home: string;
let terraform: ChildProcess;
let identity: ProcessIdentity;
const folder = () => join(home, 'experiments', 'exp-1');
const runs = () => join(folder(), 'runs');
const signals = () => readFileSync(join(home, 'signals'), 'utf8');

/** A terraform that takes its time to stop, and writes down each SIGINT. */
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'comparator-overdue-'));
  mkdirSync(runs(), { recursive: true });
  const program = `
    const { appendFileSync, writeFileSync } = require('node:fs');
    process.on('SIGINT', () => appendFileSync(${JSON.stringify(join(home, 'signals'))}, 'SIGINT '));
    setInterval(() => {}, 1_000);
    writeFileSync(${JSON.stringify(join(home, 'signals'))}, '');`;
  terraform = spawn(process.execPath, ['-e', program, 'x', `-chdir=${folder()}/terraform`], {
    env: {
      [experimentEnvironment.runFolder]: folder(),
      [experimentEnvironment.terraformRun]: '1',
    },
    stdio: 'ignore',
  });
  await until('it listens', () => existsSync(join(home, 'signals')));
  identity = identifyProcess(terraform.pid as number) as ProcessIdentity;
});
afterEach(() => {
  terraform.kill('SIGKILL');
  rmSync(home, { recursive: true });
});

function claim(supervisor: ProcessIdentity): void {
  const run: Claim = {
    number: 1,
    request: 'a request',
    kind: 'destroy',
    workflowRunId: 'run-1',
    supervisor,
    host: hostname(),
    pidNamespace: pidNamespace(),
    user: userInfo().username,
    startedAt: new Date(limitAt - 600_000).toISOString(),
    hardLimitAt: new Date(limitAt).toISOString(),
    steps: ['destroy'],
  };
  writeJsonAtomic(runFiles(runs(), 1).claim, run);
}

const dead: ProcessIdentity = { pid: process.pid, startToken: 'dead' };

test('within its limit it is left alone', () => {
  claim(dead);
  stopAllOverdue(home, patienceMs, limitAt - patienceMs);
  expect(existsSync(runFiles(runs(), 1).interrupt)).toBe(false);
});

test('past its limit and without a supervisor, it gets one SIGINT by whoever looks, and SIGKILL by who looks later', async () => {
  claim(dead);
  stopAllOverdue(home, patienceMs, limitAt + 1);
  await until('the signal arrives', () => signals() !== '');
  const askedAt = Date.now();
  for (let looks = 0; looks < 3; looks += 1) stopAllOverdue(home, patienceMs, askedAt + looks);
  expect(isAlive(identity)).toBe(true);
  stopAllOverdue(home, patienceMs, askedAt + patienceMs + 1_000);
  await until('it is dead', () => !isAlive(identity));
  expect(signals()).toBe('SIGINT ');
});

test('a supervisor that is long past the limit of its run is stuck, and ended first', async () => {
  const stuck = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)'], { stdio: 'ignore' });
  const supervisor = identifyProcess(stuck.pid as number) as ProcessIdentity;
  claim(supervisor);
  stopAllOverdue(home, patienceMs, limitAt + patienceMs);
  expect(isAlive(supervisor)).toBe(true);
  stopAllOverdue(home, patienceMs, limitAt + 2 * patienceMs + 1);
  await until('the supervisor is dead', () => !isAlive(supervisor));
  expect(signals()).toBe('');
  stopAllOverdue(home, patienceMs, limitAt + 2 * patienceMs + 1);
  await until('terraform is asked', () => signals() === 'SIGINT ');
});
