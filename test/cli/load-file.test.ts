import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadSpecFile, parseSpec } from '../../src/cli/load-file.ts';
import { projectRoot } from '../../src/config.ts';
import { experimentSpec } from '../support/documents.ts';

/** The message of the error that a text gives. */
function complaint(text: string): string {
  try {
    parseSpec(text, 'spec.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
}

test('an experiment is read from YAML and from JSON', () => {
  const yaml =
    'name: kafka, acks all\ntechnology: kafka\nworkload: { load: { shape: constant, messagesPerSecond: 1000 } }';
  const json =
    '{"name": "kafka, acks all", "technology": "kafka", "workload": {"load": {"shape": "constant", "messagesPerSecond": 1000}}}';
  for (const text of [yaml, json]) {
    expect(parseSpec(text, 'file')).toMatchObject({
      kind: 'experiment',
      document: { name: 'kafka, acks all' },
      spec: experimentSpec(),
    });
  }
});

test('every fault is named by its place in the file, its pointer and a hint', () => {
  const text = [
    'name: x',
    'technology: kafak',
    'settings: { partition: 3 }',
    'workload:',
    '  load: { shape: constant, messagesPerSecond: -5 }',
    '  warmupSecond: 3',
    'requirements:',
    '  - { metric: messages.lost, atMost: 0 }',
    '  - { metric: messages.lots, atMost: 0 }',
  ].join('\n');
  expect(complaint(text)).toBe(
    [
      'spec.yaml:2:1: /technology must be one of kafka, kinesis, nats; did you mean kafka?',
      'spec.yaml:5:28: /workload/load/messagesPerSecond must be more than 0',
      'spec.yaml:6:3: /workload/warmupSecond is not known here; did you mean warmupSeconds?',
      'spec.yaml:9:7: /requirements/1/metric must be a metric, such as latency.endToEnd.p99Ms or messages.lost; did you mean messages.lost?',
    ].join('\n'),
  );
});

test('a missing field is placed where the part begins that lacks it', () => {
  expect(complaint('name: x\ntechnology: kafka\nworkload:\n  producers: 1')).toBe(
    'spec.yaml:3:1: /workload/load is required',
  );
});

test('settings of variants are checked in their place', () => {
  const text = [
    'name: x',
    'workload: { load: { shape: constant, messagesPerSecond: 1 } }',
    'variants:',
    '  - name: a',
    '    technology: kafka',
    '    settings:',
    '      acks: 3',
  ].join('\n');
  expect(complaint(text)).toBe('spec.yaml:7:7: /variants/0/settings/acks must be one of 0, 1, all');
});

test.each([
  ['malformed YAML', 'name: [1, 2', /^spec\.yaml:1:12: /],
  ['malformed JSON', '{"name": "x",\n "technology" "kafka"}', /^spec\.yaml:2:/],
  ['a key twice', 'name: x\nname: y', /^spec\.yaml:2:1: Map keys must be unique/],
  ['an empty file', '', /^spec\.yaml:1:1: the file is empty; see examples\/ for files to start from$/],
  ['a comment alone', '# nothing', /the file is empty/],
  ['a list', '- a', /^spec\.yaml:1:1: must be an object, not a list$/],
  ['plain text', 'hello', /^spec\.yaml:1:1: must be an object, not text$/],
])('%s is refused', (_, text, message) => {
  expect(complaint(text)).toMatch(message);
});

test('a .json file must be JSON, not only YAML', () => {
  const refused = (text: string) => {
    try {
      parseSpec(text, 'spec.json');
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  expect(refused('name: x')).toMatch(/^spec\.json:1:1: not JSON: /);
  expect(refused('{"name": "x",\n "technology" "kafka"}')).toMatch(
    /^spec\.json:2:15: not JSON: Expected ':'/,
  );
  expect(refused('{"name": "x"')).toMatch(/^spec\.json:1:13: not JSON: /);
  expect(refused('{"name": "x"}')).toMatch(/^spec\.json:1:1: \/technology must be one of /);
});

test('aliases cannot be used to blow a file up', () => {
  const levels = Array.from(
    { length: 12 },
    (_, n) =>
      `l${n}: &l${n} [${Array(10)
        .fill(n ? `*l${n - 1}` : 'x')
        .join(', ')}]`,
  );
  expect(complaint(levels.join('\n'))).toMatch(/^spec\.yaml:1:1: /);
});

test('a file that is not there is said so', async () => {
  await expect(loadSpecFile('no/such/file.yaml')).rejects.toMatchObject({
    message: 'no/such/file.yaml cannot be read: there is no such file',
    exitCode: 2,
  });
});

const examples = readdirSync(join(projectRoot, 'examples')).filter((name) => name.endsWith('.yaml'));

test.each(examples)('examples/%s is valid', async (name) => {
  const { kind } = await loadSpecFile(join(projectRoot, 'examples', name));
  expect(kind).toBe(name.includes('-vs-') ? 'comparison' : 'experiment');
});
