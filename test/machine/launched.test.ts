import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ProcessIdentity } from '../../src/contracts/storage/process.ts';
import { experimentEnvironment } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { identifyProcess } from '../../src/machine/identity.ts';
import { endLaunched, findLaunched, writeLaunchRecord } from '../../src/machine/launched.ts';

let place: string;
let own: string;
let broker: ChildProcess;
let identity: ProcessIdentity;
beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'comparator-launched-'));
  own = join(place, 'home', 'experiments', 'exp-0001');
  mkdirSync(own, { recursive: true });
  broker = spawn('sleep', ['60'], { env: { ...process.env, [experimentEnvironment.runFolder]: own } });
  await once(broker, 'spawn');
  identity = identifyProcess(broker.pid as number) as ProcessIdentity;
  writeLaunchRecord(own, { name: 'broker', identity, folders: [], startedAt: new Date().toISOString() });
});
afterEach(() => {
  broker.kill('SIGKILL');
  rmSync(place, { recursive: true });
});

const moved = () => join(place, 'other', 'experiments', 'exp-0001');

test('what a home has started is its own also where the home was moved since', async () => {
  renameSync(join(place, 'home'), join(place, 'other'));
  expect(findLaunched(moved())).toMatchObject([{ name: 'broker', identity, by: 'record' }]);
  await endLaunched(moved());
  expect(findLaunched(moved())).toEqual([]);
});

test('what a home has started is its own by whatever name the home is called', () => {
  symlinkSync(join(place, 'home'), join(place, 'other'));
  expect(findLaunched(moved())).toMatchObject([{ name: 'broker', identity }]);
});

test('what a home has started is no business of a copy of that home', async () => {
  cpSync(join(place, 'home'), join(place, 'other'), { recursive: true });
  expect(findLaunched(moved())).toEqual([]);
  await endLaunched(moved());
  expect(findLaunched(own)).toMatchObject([{ name: 'broker', identity }]);
});
