import { expect, test } from '@jest/globals';
import { keysOf } from '../../../../src/contracts/input/keys/key-file.ts';

const sha256 = (digit: string) => digit.repeat(64);
const ci = { name: 'ci', role: 'run', sha256: sha256('a') };

test('a key has a name, a role and a checksum, and may have a number of requests', () => {
  const keys = [ci, { name: 'Ada L.x', role: 'read', sha256: sha256('b'), requestsPerMinute: 60 }];
  expect(keysOf({ keys })).toEqual({ keys });
});

test.each([
  [{ keys: [] }, '/keys', 'holds no key'],
  [{ keys: [{ ...ci, role: 'admin' }] }, '/keys/0/role', 'must be one of read, run, operate'],
  [{ keys: [{ ...ci, sha256: 'the key itself' }] }, '/keys/0/sha256', /64 hexadecimal digits/],
  [{ keys: [{ ...ci, name: 'a\nb' }] }, '/keys/0/name', /letters, digits/],
  [{ keys: [{ ...ci, name: 'key-1' }] }, '/keys/0/name', /COMPARATOR_API_KEYS/],
  [{ keys: [{ ...ci, name: 'retention' }] }, '/keys/0/name', /the service itself/],
  [{ keys: [ci, { ...ci, sha256: sha256('b') }] }, '/keys/1/name', /entry 1 already/],
  [{ keys: [ci, { ...ci, name: 'other' }] }, '/keys/1/sha256', /entry 1 already/],
])('%j is refused where it is wrong', (document, pointer, detail) => {
  const detailed = typeof detail === 'string' ? detail : expect.stringMatching(detail);
  expect(keysOf(document)).toEqual({ faults: [{ pointer, detail: detailed }] });
});
