import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadSpecFile, parseSpec } from '../../../src/cli/spec-file/load-file.ts';
import { projectRoot } from '../../../src/config.ts';
import { experimentSpec } from '../../support/documents.ts';

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
  expect(refused('name: x')).toMatch(/^spec\.json:1:2: not JSON: /);
  expect(refused('{"name": "x",\n "technology" "kafka"}')).toMatch(
    /^spec\.json:2:15: not JSON: Expected ':'/,
  );
  expect(refused('{"name": "x"')).toMatch(/^spec\.json:1:13: not JSON: /);
  expect(refused('{"name": "x"}')).toMatch(/^spec\.json:1:1: \/technology is required, one of /);
  expect(refused('{"name": "x",\n "name": "y"}')).toBe(
    'spec.json:2:2: the key "name" is given twice (first in line 1); keep one of the two',
  );
  expect(refused('{"name": *x}')).toMatch(/^spec\.json:1:10: not JSON: /);
  expect(refused('{"name": NaN}')).toMatch(/^spec\.json:1:10: not JSON: /);
});

test.each([
  [
    'two documents',
    'name: x\n---\nname: y\n',
    '2:1: a second document begins here; a file holds one, so give each a file of its own',
  ],
  [
    'an alias without anchor',
    'name: x\ntechnology: *nope\n',
    '2:13: *nope stands for what was named &nope before, and nothing was; write the value out, or put a text that begins with * in quotes',
  ],
  [
    'an alias of what it is in',
    'name: x\nsettings: &s { a: *s }\n',
    '2:19: *s stands for a value that it is itself a part of; write the value out',
  ],
  [
    'a line indented too far',
    'name: x\n  technology: kafka\n',
    '2:3: this line is indented more than line 1, which has a value already; begin it in the same column as the keys it belongs to',
  ],
  [
    'a line indented too little',
    'workload:\n    producers: 1\n  consumers: 2\n',
    '3:1: this line is indented unlike the keys before it; those of one object all begin in the same column',
  ],
  [
    'a line that belongs to no item',
    'requirements:\n  - metric: messages.lost\n   atMost: 1\n',
    '3:1: this belongs to no item of the list before it; begin it with "- ", or indent it like that item',
  ],
  ['a tab', 'name: x\nworkload:\n\tproducers: 1\n', '3:1: a tab is used to indent; use spaces'],
  [
    'keys given twice',
    'name: x\nworkload:\n  producers: 1\n  producers: 2\nname: y\n',
    '4:3: the key "producers" is given twice (first in line 3); keep one of the two',
    '5:1: the key "name" is given twice (first in line 1); keep one of the two',
  ],
  ['a text with a colon', 'name: kafka: acks all\n', '1:7: the text holds a colon; put it in quotes: "a: b"'],
  [
    'a key without a value',
    'name\ntechnology: kafka\n',
    '1:1: this has no colon; a key and its value are written as "key: value"',
  ],
  [
    'no space after the colon',
    'name:x\ntechnology:kafka\n',
    '1:1: must be an object, not text; write a space after each colon, "name: …"',
  ],
  [
    'an open list',
    'name: [1, 2',
    '1:12: a [ is not closed before here; end it with ], and indent its lines more than its key',
  ],
  ['a bracket too many', 'name: x\n]\n', '2:1: this ] closes nothing'],
  ['an open quote', 'name: "x\ntechnology: kafka\n', '1:7: the quote that begins here is not closed'],
  ['a reserved character', 'name: @x\n', '1:7: a text cannot begin with @; put it in quotes'],
  [
    'an unknown escape',
    'name: "a\\qb"\n',
    '1:9: \\q is no escape; write \\\\ for a backslash, or put the text in single quotes',
  ],
  [
    'a text after a closed one',
    'name: "x" y\n',
    '1:11: nothing can follow here, for the value before it has ended; put a text with such characters in quotes',
  ],
  ["a list on its key's line", 'requirements: - a\n', '1:15: a list begins on the line below its key'],
])('%s: what is wrong and what to do is said in our words', (_, text, ...faults) => {
  expect(complaint(text)).toBe(faults.map((fault) => `spec.yaml:${fault}`).join('\n'));
});

test('numbers that are none are called so', () => {
  const text = [
    'name: x',
    'technology: kafka',
    'settings: { lingerMs: .inf, partitions: .nan }',
    'workload: { load: { shape: constant, messagesPerSecond: -.inf } }',
  ].join('\n');
  expect(complaint(text)).toBe(
    [
      'spec.yaml:3:13: /settings/lingerMs must be a finite number, not Infinity',
      'spec.yaml:3:29: /settings/partitions must be a finite number, not NaN',
      'spec.yaml:4:38: /workload/load/messagesPerSecond must be a finite number, not -Infinity',
    ].join('\n'),
  );
});

test('a missing choice is required, and the choices are listed', () => {
  expect(complaint('name: x\nworkload: { load: { messagesPerSecond: 1 } }')).toBe(
    [
      'spec.yaml:1:1: /technology is required, one of kafka, kinesis, nats',
      'spec.yaml:2:13: /workload/load/shape is required, one of constant, steps, capacity-search, ladder',
    ].join('\n'),
  );
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

test('a file that is not there is said so', () => {
  const missing = 'no/such/file.yaml cannot be read: there is no such file';
  expect(() => loadSpecFile('no/such/file.yaml')).toThrow(
    expect.objectContaining({ message: missing, exitCode: 2 }),
  );
});

const examples = readdirSync(join(projectRoot, 'examples')).filter((name) => name.endsWith('.yaml'));

test.each(examples)('examples/%s is valid', (name) => {
  const file = join(projectRoot, 'examples', name);
  const { kind } = loadSpecFile(file);
  expect(kind).toBe(/^variants:/m.test(readFileSync(file, 'utf8')) ? 'comparison' : 'experiment');
});
