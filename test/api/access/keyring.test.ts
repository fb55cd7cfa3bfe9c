import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Keyring } from '../../../src/api/access/keyring.ts';
import { until } from '../../support/until.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cmp-test-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');

function write(name: string, keys: object[]): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ keys }));
  return file;
}

function ring(file: string | null, keys: string[] = []) {
  const said: string[] = [];
  const log = {
    info: (fields: object) => void said.push(JSON.stringify(fields)),
    warn() {},
    error: (fields: object) => void said.push(JSON.stringify(fields)),
  };
  return { keyring: new Keyring({ keys, file, log }), said };
}

test('a plain key does everything, and is called by its place', () => {
  const { keyring } = ring(null, ['first', 'second']);
  expect(keyring.find('second')).toEqual({ name: 'key-2', role: 'operate', requestsPerMinute: null });
  expect(keyring.find('third')).toBeNull();
  expect([keyring.isAsked, ring(null).keyring.isAsked]).toEqual([true, false]);
});

test('a key of the file is known by its checksum', () => {
  const file = write('one.json', [
    { name: 'ci', role: 'run', sha256: sha256('of-ci'), requestsPerMinute: 5 },
  ]);
  const { keyring } = ring(file, ['plain']);
  expect(keyring.find('of-ci')).toEqual({ name: 'ci', role: 'run', requestsPerMinute: 5 });
  expect(keyring.find('plain')?.name).toBe('key-1');
  // The checksum, which lies in a file, lets nobody in.
  expect(keyring.find(sha256('of-ci'))).toBeNull();
});

test('a file that cannot be used is said at the start, with where', () => {
  expect(() => ring(join(folder, 'none.yaml'))).toThrow(
    /COMPARATOR_API_KEYS_FILE cannot be used:.*none\.yaml cannot be read.*comparator explain keys/s,
  );
  const file = write('wrong.json', [{ name: 'ci', role: 'boss', sha256: sha256('x') }]);
  expect(() => ring(file)).toThrow(/wrong\.json.*role.*must be one of read, run, operate/s);
});

test('keys come and go while it runs, and a broken file changes nothing', async () => {
  const entry = (name: string) => ({ name, role: 'read', sha256: sha256(`of-${name}`) });
  const file = write('changing.json', [entry('ann')]);
  const { keyring, said } = ring(file);
  write('changing.json', [entry('bob')]);
  await until('the new key to be known', () => keyring.find('of-bob'));
  expect(keyring.find('of-ann')).toBeNull();
  writeFileSync(file, '{ "keys": [');
  const faults = () => {
    keyring.find('anything');
    return said.filter((line) => line.includes('cannot be used')).length;
  };
  await until('the fault to be said', () => faults() === 1);
  expect(keyring.find('of-bob')?.name).toBe('bob');
  rmSync(file);
  await until('the loss to be said', () => faults() === 2);
  expect(keyring.find('of-bob')?.name).toBe('bob');
  expect(said.join()).not.toContain('of-');
});
