import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  base64Bytes,
  mergeAnswers,
  recordBytes,
  returnable,
  streamNameOf,
} from '../../../../../terraform/kinesis/local/quota-proxy/messages.ts';

test('the bytes of a base64 text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const padded = Buffer.from(bytes).toString('base64');
      expect(base64Bytes(padded)).toBe(bytes.length);
      expect(base64Bytes(padded.replaceAll('=', ''))).toBe(bytes.length);
    }),
  );
});

test('a record counts with its partition key, in UTF-8', () => {
  expect(recordBytes({ Data: Buffer.alloc(100).toString('base64'), PartitionKey: 'Zürich' })).toBe(107);
});

test.each([
  [{ StreamName: 'mine' }, 'mine'],
  [{ StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/mine' }, 'mine'],
  [{}, null],
])('the stream that %j names', (reference, expected) => {
  expect(streamNameOf(reference)).toBe(expected);
});

test('answers come back in the order of the request, whatever was refused and by whom', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('proxy', 'emulator', 'nobody')), (refusers) => {
      const own = refusers.map((by, index) => (by === 'proxy' ? { ErrorCode: 'rate', index } : null));
      const theirs = refusers.flatMap((by, index) =>
        by === 'proxy' ? [] : [by === 'emulator' ? { ErrorCode: 'fault', index } : { ShardId: 's', index }],
      );
      const FailedRecordCount = refusers.filter((by) => by === 'emulator').length;
      const passedOn = theirs.length > 0 ? { FailedRecordCount, Records: theirs } : null;
      const merged = mergeAnswers(own, passedOn);
      expect(merged.Records).toMatchObject(refusers.map((_, index) => ({ index })));
      expect(merged.FailedRecordCount).toBe(refusers.filter((by) => by !== 'nobody').length);
    }),
  );
});

test.each([
  ['all that fit', [30, 30, 30], { count: 3, bytes: 90 }],
  ['those before the first that does not', [60, 30, 30, 1], { count: 2, bytes: 90 }],
  ['one in any case', [300, 1], { count: 1, bytes: 300 }],
  ['none', [], { count: 0, bytes: 0 }],
])('a call of 100 bytes returns %s', (_, sizes, expected) => {
  const records = sizes.map((size) => ({ Data: Buffer.alloc(size).toString('base64') }));
  expect(returnable(records, 100)).toEqual(expected);
});
