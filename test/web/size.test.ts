import { expect, test } from '@jest/globals';
import { mostMessagesMeasured } from '../../src/analysis/plan/search-length.ts';
import { mostBytes } from '../../src/web/create/preview/size.ts';
import { experimentSpec } from '../support/documents.ts';

const bytes = (load: object) =>
  mostBytes(
    experimentSpec({
      workload: { load, messageSizeBytes: 100, durationSeconds: 10, warmupSeconds: 5, maxWarmupSeconds: 20 },
    }),
  );

test.each([
  ['a constant rate', { shape: 'constant', messagesPerSecond: 50 }, 50 * 30],
  [
    'steps',
    { shape: 'steps', steps: [40, 60].map((rate) => ({ messagesPerSecond: rate, seconds: 5 })) },
    1_300,
  ],
  ['given rungs', { shape: 'ladder', ratesMessagesPerSecond: [10, 20] }, 10 * 20 + 300],
])('of %s, the longest warm-up is sent too', (_, load, messages) => {
  expect(bytes(load)).toBe(messages * 100);
});

test.each(['capacity-search', 'ladder'])('of a %s, every probe counts', (shape) => {
  const load = { shape, startMessagesPerSecond: 10, maxMessagesPerSecond: 1_000 };
  const spec = experimentSpec({ workload: { load, messageSizeBytes: 100, durationSeconds: 10 } });
  const measured = mostMessagesMeasured(spec.workload);
  expect(measured).toBeGreaterThan(1_000 * 10);
  expect(bytes(load)).toBe((measured + 10 * 20) * 100);
});
