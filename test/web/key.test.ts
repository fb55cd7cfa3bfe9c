import { expect, test } from '@jest/globals';
import { curlCommand } from '../../src/web/create/preview/curl-command.ts';
import { backoffMs } from '../../src/web/data/backoff.ts';
import { keepKey, keptKey, keyFault } from '../../src/web/data/key.ts';

test.each([
  ['open-sesame-open-sesame', true],
  ['a~!"#$%&', true],
  ['', false],
  ['two words', false],
  ['schlüssel', false],
  ['“quoted”', false],
  ['hidden\u200b', false],
  ['line\nbreak', false],
])('that %j can be a key: %p', (key, expected) => {
  expect(keyFault(key) === null).toBe(expected);
  // What is taken, a header carries.
  if (expected) expect(() => new Headers({ Authorization: `Bearer ${key}` })).not.toThrow();
});

test('the command names the key by its variable, and only where one is needed', () => {
  const submission = { kind: 'comparisons', document: { name: "it's" } } as const;
  const without = curlCommand(submission, 'http://here', false);
  expect(without).toBe(
    `curl -X POST http://here/api/comparisons \\\n  -H 'Content-Type: application/json' \\\n  -d '{\n  "name": "it'\\''s"\n}'`,
  );
  expect(curlCommand(submission, 'http://here', true)).toContain(
    `-H "Authorization: Bearer \${COMPARATOR_API_KEYS%%,*}"`,
  );
});

test('pauses grow with the failures, up to ten seconds', () => {
  expect([1, 2, 3, 4, 5, 50].map(backoffMs)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test('where a page may keep nothing a key is known as long as it lives', () => {
  Object.defineProperty(globalThis, 'sessionStorage', {
    configurable: true,
    get() {
      throw new Error('denied');
    },
  });
  try {
    expect(keptKey()).toBeNull();
    keepKey('open-sesame');
    expect(keptKey()).toBe('open-sesame');
  } finally {
    Reflect.deleteProperty(globalThis, 'sessionStorage');
  }
});
