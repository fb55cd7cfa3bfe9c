import { expect, test } from '@jest/globals';
import { addPlane, countBits, countLost, countOutcomes } from '../../../src/analysis/ledger/ledger-planes.ts';
import { encodeLedger } from '../../../src/contracts/storage/ledger-format.ts';

test('100 million messages are counted, merged and stored in planes of 12.5 MB each', () => {
  const messages = 100_000_000;
  const words = messages / 32;
  const maybeTaken = new Uint32Array(words).fill(0xffff_ffff);
  const received = new Uint32Array(words).fill(0xffff_fffe);
  expect(countOutcomes({ maybeTaken, notAcknowledged: new Uint32Array(words) }, messages).acknowledged).toBe(
    messages,
  );
  expect(countBits(received)).toBe(messages - words);
  expect(countLost({ maybeTaken, notAcknowledged: new Uint32Array(words) }, received)).toBe(words);
  addPlane(received, maybeTaken);
  expect(countBits(received)).toBe(messages);
  const bytes = encodeLedger({ kind: 'received', producers: [{ producer: 0, received }] });
  expect(bytes.length).toBeLessThan(12_500_100);
});
