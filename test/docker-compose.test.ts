import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { projectRoot } from '../src/config.ts';
import { searchAttributes } from '../src/contracts/temporal/names.ts';

const compose = parse(readFileSync(`${projectRoot}/docker-compose.yml`, 'utf8'));

test('the Temporal server in a container knows our search attributes', () => {
  const expected = Object.entries(searchAttributes).map(
    ([name, type]) => `--search-attribute=${name}=${type}`,
  );
  expect(compose.services.temporal.command).toEqual(expect.arrayContaining(expected));
});

test('every published port listens on loopback only', () => {
  const ports: string[] = Object.values<{ ports: string[] }>(compose.services).flatMap(({ ports }) => ports);
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
});

test('nothing is published but gRPC, which no page speaks, and what stands behind a door', () => {
  const published = Object.entries<{ ports: string[] }>(compose.services).map(([name, { ports }]) => [
    name,
    ports.map((port) => port.split(':').at(-1)),
  ]);
  expect(Object.fromEntries(published)).toEqual({ temporal: ['7233'], aws: ['4566'] });
  expect(compose.services.temporal.command).toContain('--headless');
});

test('the emulator in a container stands behind the same door as the embedded one', () => {
  const { command, environment, volumes } = compose.services.aws;
  const program = volumes.find((volume: string) => volume.endsWith(':/serve.py:ro'))?.split(':')[0];
  expect(existsSync(join(projectRoot, program))).toBe(true);
  expect(command).toMatch(/exec python \/serve\.py"$/);
  expect(environment.SERVICES).toBe('s3,kinesis');
  expect(environment.AWS_ACCESS_KEY_ID).toMatch(/^\$\{AWS_ACCESS_KEY_ID:\?/);
});
