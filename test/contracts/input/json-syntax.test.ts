import { expect, test } from '@jest/globals';
import { parseJson } from '../../../src/contracts/input/json-syntax.ts';

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
