import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findDuplicateKey, parseJson } from '../../../../src/contracts/input/text/json-syntax.ts';

test('JSON is parsed', () => {
  expect(parseJson(' {"a": [1, null, "ü"]} ')).toEqual({ ok: true, value: { a: [1, null, 'ü'] } });
});

test.each([
  ['', 1, 1],
  ['nonsense', 1, 2],
  ['{a: 1}', 1, 2],
  ['{"a": 1,}', 1, 9],
  ['{"a": tru', 1, 10],
  ['{"a": "x', 1, 9],
  ['{"a":\n  "b" 1}', 2, 7],
  ['[1, 2', 1, 6],
  ["{'a': 1}", 1, 2],
  ['{"a": 1} x', 1, 10],
])('%j is at fault at line %d, column %d', (text, line, column) => {
  const parsed = parseJson(text);
  expect(parsed).toMatchObject({ ok: false, fault: { line, column } });
  if (!parsed.ok) expect(parsed.fault.message).not.toMatch(/position|is not valid JSON/);
});

test.each([
  ['{"a": 1, "a": 2}', ['a'], 1, 10],
  ['{"a": 1,\n "b": {"c": [], "c": 2}}', ['b', 'c'], 2, 17],
  ['[{"a": {"b": 1}}, {"b": 1, "\\u0062" : 2}]', [1, 'b'], 1, 28],
  ['[[1, [2, 3]], {"a": [1, {"b": ",", "b": 2}]}]', [1, 'a', 1, 'b'], 1, 36],
  ['{"__proto__": 1, "__proto__": 2}', ['__proto__'], 1, 18],
  ['{"": 1, "": 2}', [''], 1, 9],
  ['{"a:": "x\\"", "a:": 1}', ['a:'], 1, 15],
])('%s has the key at %j twice', (text, path, line, column) => {
  expect(findDuplicateKey(text)).toEqual({ path, line, column });
});

test.each([
  '{"a": 1, "b": {"a": 1}, "c": [{"a": 1}, {"a": 1}]}',
  '{"a": "a", "b": "a"}',
  '["a", "a"]',
  '{"a": "\\"b\\": 1, \\"b\\": 2", "b": "{", "c": "}"}',
  '"a"',
  '1',
])('%s has no key twice', (text) => {
  expect(findDuplicateKey(text)).toBeNull();
});

test('a key that is there twice is found in any document, and no other', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(2), (document, indent) => {
      const text = JSON.stringify(document, null, indent);
      expect(findDuplicateKey(text)).toBeNull();
      const [first = ''] = Object.keys(document);
      const again = `[{${JSON.stringify(first)}: 0, ${text.slice(1, -1)}}]`;
      expect(findDuplicateKey(again)?.path).toEqual([0, first]);
    }),
  );
});
