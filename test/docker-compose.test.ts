import { readFileSync } from 'node:fs';
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
