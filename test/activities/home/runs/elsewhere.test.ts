import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { localLimits } from '../../../../activities/home/dependencies.ts';
import { destroy } from '../../../../activities/home/destroy.ts';
import { OperatorNeededError } from '../../../../activities/home/errors.ts';
import { inventory } from '../../../../activities/home/inventory.ts';
import { provision } from '../../../../activities/home/provision.ts';
import { assertLaunchedHere } from '../../../../activities/home/runs/elsewhere.ts';
import { projectRoot } from '../../../../src/config.ts';
import type { Whereabouts } from '../../../../src/contracts/storage/process.ts';
import { ownWhereabouts } from '../../../../src/machine/identity.ts';
import { launchedPaths, readLaunchRecords, writeLaunchRecord } from '../../../../src/machine/launched.ts';
import { experimentSpec } from '../../../support/documents.ts';
import { memoryStore } from '../../../support/memory-store.ts';

const experimentId = 'elsewhere-1';
let home: string;
let runFolder: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'comparator-elsewhere-')));
  runFolder = join(home, 'experiments', experimentId);
  mkdirSync(runFolder, { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true }));

const record = {
  name: 'broker-1',
  identity: { pid: 2 ** 30, startToken: 'boot:1' },
  folders: [],
  startedAt: new Date(0).toISOString(),
};

const launched = (at: Partial<Whereabouts>) =>
  writeLaunchRecord(runFolder, { ...record, at: { ...ownWhereabouts(), ...at } });

const otherContainer = { host: 'old-container', pidNamespace: 'pid:[1]' };

test('a record says where its process was started, which is here', () => {
  writeLaunchRecord(runFolder, record);
  expect(readLaunchRecords(runFolder)).toEqual([{ ...record, at: ownWhereabouts() }]);
  expect(() => assertLaunchedHere(runFolder)).not.toThrow();
});

test.each([
  ['by this host before a reboot', { boot: 'boot-0', pidNamespace: 'pid:[1]' }],
  ['under another name of this host', { host: 'renamed' }],
])('what was started %s can be told here', (_where, at) => {
  launched(at);
  expect(() => assertLaunchedHere(runFolder)).not.toThrow();
});

test('a record of an earlier release is taken for one of this host', () => {
  const file = launchedPaths.record(runFolder, record.name);
  mkdirSync(join(file, '..'));
  writeFileSync(file, JSON.stringify(record));
  expect(readLaunchRecords(runFolder)).toEqual([record]);
  expect(() => assertLaunchedHere(runFolder)).not.toThrow();
});

test.each([
  ['another container of this machine', otherContainer],
  ['another container with the same name', { pidNamespace: 'pid:[1]' }],
  ['another machine', { host: 'other-machine', boot: 'boot-2' }],
  ['another machine with the same name', { boot: 'boot-2', machine: 'machine-2' }],
])('what was started on %s is ended by nobody here, forgotten by nobody, and told', async (_where, at) => {
  launched(at);
  const deps = {
    home,
    projectFolder: projectRoot,
    store: memoryStore(),
    environment: {},
    aws: { region: 'us-east-1', endpointUrl: null },
    tools: {},
    installationId: 'inst',
    limits: localLimits,
    temporal: { address: '127.0.0.1:1', namespace: 'default' },
  } as never;
  const ref = { experimentId, runId: 'run-1', spec: experimentSpec() };
  const attempt = { ending: () => null, report: () => {} };
  const told = {
    name: OperatorNeededError.name,
    message: expect.stringContaining(`cannot be seen from ${hostname()}`),
  };
  expect(await inventory(deps, ref)).toMatchObject([
    { kind: 'process', description: expect.stringContaining('cannot be seen from here') },
  ]);
  await expect(destroy(deps, ref, attempt)).rejects.toMatchObject(told);
  await expect(provision(deps, ref, attempt)).rejects.toMatchObject(told);
  expect(existsSync(launchedPaths.record(runFolder, record.name))).toBe(true);
});
