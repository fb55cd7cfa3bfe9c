import { expect, test } from '@jest/globals';
import * as yaml from 'yaml';
import { draftOfFile } from '../../src/web/create/draft/draft-of-file.ts';

function open(text: string, file = 'mine.yaml') {
  return draftOfFile(new TextEncoder().encode(text).buffer as ArrayBuffer, file, yaml);
}

test.each([
  ['name: a\n  b: 1\n', 'line 2: this line is indented more than line 1'],
  ['name: a\nname: b\n', 'line 2: the key "name" is given twice (first in line 1); keep one of the two'],
  ['name: mine\nvariants\n', 'line 2: this has no colon; a key and its value are written as "key: value"'],
  ['name: "mine\n', 'line 1: the quote that begins here is not closed'],
  [
    'variants:\n  - technology: nats\nrequirements:\n  - p99 < 50\n',
    'line 4: requirements, item 1 must be an object, not "p99 < 50".',
  ],
  ['name: mine\nvariants:\n  - name: one\n', 'line 3: variants, item 1 names no technology.'],
  ['name: 5\n', 'line 1: name must be a text, not 5.'],
  ['', 'line 1: The file holds no experiment and no comparison.'],
])('of %j it is said where it is wrong, and what to mend', (text, expected) => {
  expect(() => open(text)).toThrow(`mine.yaml, ${expected}`);
});

test('what says it is JSON is read as that', () => {
  expect(() => open('{"name": "a",}', 'mine.json')).toThrow(/^mine\.json, line 1: not JSON/);
  expect(open('{"technology": "nats"}', 'mine.json').variants).toMatchObject([{ technology: 'nats' }]);
});

test('a byte-order mark is no part of it, and bytes that are no text are refused', () => {
  expect(open('\uFEFFtechnology: nats\n').variants).toMatchObject([{ technology: 'nats' }]);
  const bytes = new Uint8Array([0x6e, 0xff]).buffer;
  expect(() => draftOfFile(bytes, 'mine.yaml', yaml)).toThrow('mine.yaml is not text in UTF-8');
});
