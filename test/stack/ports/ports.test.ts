import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { isPortFree, portRange } from '../../../src/machine/free-port.ts';
import { choosePorts, type PortName, type PortQuestion } from '../../../src/stack/ports/choose-ports.ts';
import type { Ports } from '../../../src/stack/ports/kept-ports.ts';
import { claimedByOthers, makePrivateFolder, recordClaims } from '../../../src/stack/ports/port-claims.ts';

const names: PortName[] = ['temporal', 'temporalUi', 'aws'];
const nothingAsked = { temporal: null, temporalUi: null, aws: null, workerMetrics: null };
const seed = 5;
const firstFree = portRange.first + seed;

function question(overrides: Partial<PortQuestion> & { taken?: number[]; claimed?: number[] }): PortQuestion {
  const { taken = [], claimed = [], ...rest } = overrides;
  return {
    names,
    asked: nothingAsked,
    kept: {},
    portsFile: 'HOME/ports.json',
    seed,
    reserved: [3000],
    isFree: async (port) => !taken.includes(port),
    isClaimed: (port) => claimed.includes(port),
    ...rest,
  };
}

const cases: [string, Parameters<typeof question>[0], Partial<Ports>][] = [
  ['the defaults at a first start', {}, { temporal: 7233, temporalUi: 8233, aws: 4566 }],
  [
    'a free port where a default is taken',
    { taken: [7233] },
    { temporal: firstFree, temporalUi: 8233, aws: 4566 },
  ],
  [
    'not what another stack has claimed, even if nothing listens there',
    { claimed: [7233, 8233, 4566, firstFree] },
    { temporal: firstFree + 1, temporalUi: firstFree + 2, aws: firstFree + 3 },
  ],
  [
    'the kept ports, though the defaults are free',
    { kept: { temporal: 21_000, temporalUi: 21_001, aws: 21_002 } },
    { temporal: 21_000, temporalUi: 21_001, aws: 21_002 },
  ],
  [
    'the asked ports, whatever is kept',
    { asked: { ...nothingAsked, aws: 5000 }, kept: { aws: 21_002 } },
    { temporal: 7233, temporalUi: 8233, aws: 5000 },
  ],
  ['only the ports that are needed', { names: ['aws'] }, { aws: 4566 }],
  ['no port that the API has', { reserved: [7233] }, { temporal: firstFree, temporalUi: 8233, aws: 4566 }],
  [
    'from the start of the range again once its end is reached',
    { seed: portRange.last - portRange.first, taken: [7233, 8233, portRange.last] },
    { temporal: portRange.first, temporalUi: portRange.first + 1, aws: 4566 },
  ],
];

test.each(cases)('chooses %s', async (_, given, expected) => {
  expect(await choosePorts(question(given))).toEqual(expected);
});

const refusals: [string, Parameters<typeof question>[0], string][] = [
  [
    'an asked port that is taken',
    { asked: { ...nothingAsked, aws: 5000 }, taken: [5000] },
    'Port 5000 for the AWS emulator (COMPARATOR_AWS_PORT) is taken by another program.',
  ],
  [
    'an asked port that another process has',
    { asked: { ...nothingAsked, temporal: 3000 } },
    'COMPARATOR_TEMPORAL_PORT=3000: this port is already that of another process of the stack.',
  ],
  [
    'a kept port that a stranger has taken',
    { kept: { temporal: 21_000 }, taken: [21_000] },
    'Port 21000, which the Temporal server of this home has had since its first start, is taken by another program. ' +
      'It is not changed by itself, since running load generators know it. End the program that has it; or, if no ' +
      'experiment of this home runs, choose another with COMPARATOR_TEMPORAL_PORT or delete HOME/ports.json.',
  ],
];

test.each(refusals)('refuses %s', async (_, given, message) => {
  await expect(choosePorts(question(given))).rejects.toThrow(message);
});

test('a port on which somebody listens is not free, and is again afterwards', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  expect(await isPortFree(port)).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  expect(await isPortFree(port)).toBe(true);
});

const { uid } = userInfo();

test.each([
  ['a link that somebody has put there', uid, (folder: string) => symlinkSync(tmpdir(), folder)],
  ["another user's folder", uid + 1, (folder: string) => mkdirSync(folder, { mode: 0o700 })],
  [
    'a folder that others can enter',
    uid,
    (folder: string) => {
      mkdirSync(folder);
      chmodSync(folder, 0o777);
    },
  ],
])('port claims are not kept in %s', (_, owner, make) => {
  const base = mkdtempSync(join(tmpdir(), 'comparator-claims-'));
  try {
    const folder = join(base, 'claims');
    make(folder);
    expect(() => makePrivateFolder(folder, owner)).toThrow(
      `${folder}, where stacks of this user say which ports they use, is not a folder that only this user can enter.`,
    );
  } finally {
    rmSync(base, { recursive: true });
  }
});

test('port claims are kept in a folder of this user alone, made where there is none', () => {
  const base = mkdtempSync(join(tmpdir(), 'comparator-claims-'));
  try {
    const folder = join(base, 'claims');
    makePrivateFolder(folder, uid);
    makePrivateFolder(folder, uid);
    expect(lstatSync(folder).mode & 0o777).toBe(0o700);
  } finally {
    rmSync(base, { recursive: true });
  }
});

test('the ports of a home that is gone are claimed by nobody, though whoever started its stack lives', () => {
  const home = mkdtempSync(join(tmpdir(), 'comparator-claims-'));
  const claims = recordClaims([], home, [7233, 8233]);
  expect(claimedByOthers(claims, '/elsewhere')).toEqual(new Set([7233, 8233]));
  rmSync(home, { recursive: true });
  expect(claimedByOthers(claims, '/elsewhere')).toEqual(new Set());
  expect(recordClaims(claims, '/elsewhere', [4566]).map(({ port }) => port)).toEqual([4566]);
});
