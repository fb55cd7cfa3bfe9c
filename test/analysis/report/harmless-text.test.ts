import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { harmless, harmlessJson, harmlessLines } from '../../../src/analysis/report/harmless-text.ts';

test.each([
  ['an ordinary name', 'kafka, acks = all (Köln, 東京, العربية)', 'kafka, acks = all (Köln, 東京, العربية)'],
  ['colours and bells', 'a\u001b[31mb\u0007c', 'a [31mb c'],
  ['line breaks', 'a\r\nb\u2028c\u0085d', 'a b c d'],
  ['an override of the reading direction', 'a\u202Eb\u202C', 'a\\u202eb\\u202c'],
  ['isolates', '\u2066a\u2067b\u2068c\u2069', '\\u2066a\\u2067b\\u2068c\\u2069'],
  ['marks of direction', 'a\u200Eb\u200Fc\u061Cd', 'a\\u200eb\\u200fc\\u061cd'],
  ['what takes no room', 'a\u200Bb\uFEFFc\u00ADd\u2060e', 'a\\u200bb\\ufeffc\\u00add\\u2060e'],
  ['fillers that look like a space or like nothing', 'a\u3164b\u115Fc', 'a\\u3164b\\u115fc'],
  ['tags', 'a\u{E0041}b', 'a\\u{e0041}b'],
  ['half a pair', 'a\uD800b', 'a\\ud800b'],
  ['an emoji of several parts', '👩‍💻 ❤️ 👍🏽', '👩‍💻 ❤️ 👍🏽'],
  ['a joiner between letters', 'a\u200Db', 'a\\u200db'],
])('%s', (_, text, shown) => {
  expect(harmless(text)).toBe(shown);
});

test('of several lines each is made harmless', () => {
  expect(harmlessLines('a\u202E\nb\u0007')).toBe('a\\u202e\nb ');
});

test('JSON keeps its value, and holds nothing that is not seen', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 1 }), (value) => {
      const text = harmlessJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Default_Ignorable_Code_Point}]/u);
    }),
    { numRuns: 30 },
  );
  expect(harmlessJson({ name: 'a\u202E' })).toBe('{\n  "name": "a\\u202e"\n}');
});
