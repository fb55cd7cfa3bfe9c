import { expect, test } from '@jest/globals';
import { resultOfAnswer } from '../../../../loadgen/drivers/nats/acknowledgement.ts';
import { fnv1a } from '../../../../loadgen/drivers/nats/fnv1a.ts';
import type { AttemptResult } from '../../../../loadgen/drivers/sender/attempts.ts';

const answer = (data: object | string, code = 0) =>
  resultOfAnswer({
    data: Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)),
    headers: (code ? { code } : undefined) as never,
  });

test.each<[object | string, AttemptResult]>([
  [{ stream: 'error', seq: 1 }, { kind: 'acknowledged' }],
  [{ stream: 's', seq: 1, duplicate: true }, { kind: 'acknowledged' }],
  // The message is larger than the stream allows.
  [
    { error: { code: 400, err_code: 10054, description: 'too large' }, stream: 's', seq: 0 },
    { kind: 'refused', retriable: false, reason: 'too large (10054)' },
  ],
  // Whatever went wrong in the server may have done so after it took the message.
  [
    { error: { code: 503, err_code: 10077, description: 'busy' } },
    { kind: 'in-doubt', retriable: true, reason: 'busy (10077)' },
  ],
  [
    { error: { code: 429, err_code: 10167, description: 'too many requests' } },
    { kind: 'refused', retriable: true, reason: 'too many requests (10167)' },
  ],
  // An earlier attempt's copy is on its way into the stream.
  [
    { error: { code: 409, err_code: 10158, description: 'in process' } },
    { kind: 'in-doubt', retriable: true, reason: 'in process (10158)' },
  ],
  [{ error: { code: 400 } }, { kind: 'refused', retriable: false, reason: 'refused (400)' }],
  ...['', '{"error":'].map((text): [string, AttemptResult] => [
    text,
    { kind: 'in-doubt', retriable: false, reason: 'an answer makes no sense', detail: text },
  ]),
])('the answer %j', (given, expected) => {
  expect(answer(given)).toEqual(expected);
});

test('without a stream there is no answer but a status', () => {
  expect(answer('', 503)).toEqual({
    kind: 'refused',
    retriable: true,
    reason: 'no stream answers on the subject',
  });
});

// Published with the hash: isthe.com/chongo/tech/comp/fnv.
test.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
])('the hash of %j', (text, hash) => {
  expect(fnv1a(Buffer.from(text))).toBe(hash);
});
