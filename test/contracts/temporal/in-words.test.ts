import { expect, test } from '@jest/globals';
import { workloadSchema } from '../../../src/contracts/input/workload.ts';
import {
  comparisonInWords,
  experimentInWords,
  loadInWords,
  plain,
} from '../../../src/contracts/temporal/in-words.ts';
import { comparisonSpec, experimentSpec } from '../../support/documents.ts';

test.each([
  [{ shape: 'constant', messagesPerSecond: 5_000 }, '5,000 messages/s of 1,024 B for 20 s'],
  [
    {
      shape: 'steps',
      steps: [
        { messagesPerSecond: 1_000, seconds: 10 },
        { messagesPerSecond: 0, seconds: 5 },
      ],
    },
    '2 steps up to 1,000 messages/s of 1,024 B in 20 s',
  ],
  [
    { shape: 'capacity-search', startMessagesPerSecond: 500, maxMessagesPerSecond: 1_000 },
    'the highest rate of messages of 1,024 B from 500/s',
  ],
])('a load of %j', (load, words) => {
  expect(loadInWords(workloadSchema.parse({ load }))).toBe(words);
});

test('an experiment is its name, technology, target and load', () => {
  const { staticSummary, staticDetails } = experimentInWords(
    experimentSpec({ requirements: [{ metric: 'messages.lost', atMost: 0 }] }),
  );
  expect(staticSummary).toBe('kafka, acks all · kafka on local · 1,000 messages/s of 1,024 B for 20 s');
  expect(staticDetails).toContain('- `messages.lost` at most 0');
});

test('a comparison is its name, variants and load', () => {
  expect(comparisonInWords(comparisonSpec()).staticSummary).toBe(
    'kafka vs kinesis · 2 variants · 1,000 messages/s of 1,024 B for 20 s',
  );
});

test('no name is too long for Temporal, or Markdown', () => {
  const { staticSummary } = experimentInWords(experimentSpec({ name: '\u{1F40C}'.repeat(40) }));
  expect(Buffer.byteLength(staticSummary)).toBeLessThan(400);
  expect(plain('# [a](b)\n<b>')).toBe('\\# \\[a\\]\\(b\\) \\<b\\>');
});

test('nothing of a name turns or hides the words around it', () => {
  const { staticSummary, staticDetails } = experimentInWords(
    // Names of earlier releases may have control characters.
    { ...experimentSpec(), name: 'a\u202eb\u200bc\u0007 👩🏽\u200d💻 ✔\ufe0f d\u200de' },
  );
  expect(staticSummary).toMatch(/^abc 👩🏽\u200d💻 ✔\ufe0f de · kafka on local/);
  expect(staticDetails).toMatch(/^\*\*abc 👩🏽\u200d💻 ✔\ufe0f de\*\*: /);
});
