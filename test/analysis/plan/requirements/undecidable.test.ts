import { expect, test } from '@jest/globals';
import { expectedOfComparison, expectedOfExperiment } from '../../../../src/analysis/plan/expected-time.ts';
import { comparisonSchema } from '../../../../src/contracts/input/comparison.ts';
import { experimentSchema } from '../../../../src/contracts/input/experiment.ts';

const constant = (messagesPerSecond: number, durationSeconds = 10) => ({
  load: { shape: 'constant', messagesPerSecond },
  durationSeconds,
});
const steps = (...rates: number[]) => ({
  load: { shape: 'steps', steps: rates.map((messagesPerSecond) => ({ messagesPerSecond, seconds: 5 })) },
});
const search = (maxMessagesPerSecond: number, durationSeconds: number) => ({
  load: { shape: 'capacity-search', startMessagesPerSecond: 100, maxMessagesPerSecond },
  durationSeconds,
});
const rungs = (...ratesMessagesPerSecond: number[]) => ({
  load: { shape: 'ladder', ratesMessagesPerSecond },
  durationSeconds: 10,
});

/** What is said of one requirement before anything runs; null for nothing. */
function warned(requirement: object, workload: object, technology = 'nats'): string | null {
  const spec = experimentSchema.parse({ name: 'mine', technology, workload, requirements: [requirement] });
  const about = expectedOfExperiment(spec).warnings.filter((one) =>
    /undecided|never be met|measured/.test(one),
  );
  expect(about.length).toBeLessThanOrEqual(1);
  return about[0] ?? null;
}

const p99 = 'latency.endToEnd.p99Ms';
const p999 = 'latency.publish.p999Ms';
const p9999 = 'latency.endToEnd.p9999Ms';
const consumed = 'throughput.consumed.messagesPerSecond';

test.each<[object, object, string]>([
  [
    { metric: p9999, atMost: 100 },
    constant(100),
    'mine: latency.endToEnd.p9999Ms stays undecided, for the load comes to 1,000 messages and p99.99 takes 100,000: 1,000 s of it would do, or p99.',
  ],
  [
    { metric: p99, atLeast: 1 },
    constant(0.2, 60),
    'mine: latency.endToEnd.p99Ms stays undecided, for the load comes to 12 messages and p99 takes 1,000: 5,000 s of it would do.',
  ],
  [
    { metric: p9999, atMost: 100 },
    constant(0.5, 100),
    'mine: latency.endToEnd.p9999Ms stays undecided, for the load comes to 50 messages and p99.99 takes 100,000: p50 would do.',
  ],
  [
    { metric: p999, atMost: 100 },
    steps(100, 900),
    'mine: latency.publish.p999Ms stays undecided, for the load comes to 5,000 messages and p99.9 takes 10,000: 20 s of it would do, or p99.',
  ],
  [
    { metric: p9999, atMost: 100 },
    search(1_000, 20),
    'mine: latency.endToEnd.p9999Ms stays undecided, for the load comes to 20,000 messages at most and p99.99 takes 100,000: 100 s of it would do, or p99.9.',
  ],
  [
    { metric: p999, atMost: 100 },
    rungs(100, 400, 200),
    'mine: latency.publish.p999Ms stays undecided, for the load comes to 4,000 messages at most and p99.9 takes 10,000: 25 s of it would do, or p99.',
  ],
  [
    { metric: consumed, atLeast: 5_000 },
    constant(4_999),
    'mine: throughput.consumed.messagesPerSecond of at least 5,000 messages/s can at best stay undecided, for no more than 4,999 messages/s are asked for.',
  ],
  [
    { metric: 'throughput.produced.bytesPerSecond', atLeast: 1_024_001 },
    { ...constant(1_000), messageSizeBytes: 1_024 },
    'mine: throughput.produced.bytesPerSecond of at least 1,024,001 bytes/s can at best stay undecided, for no more than 1,000 messages/s are asked for.',
  ],
  [
    { metric: consumed, atLeast: 501 },
    steps(100, 900),
    'mine: throughput.consumed.messagesPerSecond of at least 501 messages/s can at best stay undecided, for no more than 500 messages/s are asked for.',
  ],
  [
    { metric: 'messages.received', atLeast: 10_001 },
    constant(1_000),
    'mine: messages.received of at least 10,001 can at best stay undecided, for no more than 1,000 messages/s are asked for.',
  ],
  [
    { metric: 'latency.endToEnd.count', atLeast: 4_001 },
    rungs(100, 400, 200),
    'mine: latency.endToEnd.count of at least 4,001 can at best stay undecided, for no more than 400 messages/s are asked for.',
  ],
  [
    { metric: consumed, atLeast: 50_001 },
    search(50_000, 20),
    'mine: throughput.consumed.messagesPerSecond of at least 50,001 messages/s can at best stay undecided, for no more than 50,000 messages/s are asked for.',
  ],
  [
    { metric: 'durationSeconds', atMost: 9 },
    constant(1_000),
    'mine: durationSeconds can never be met, for the load itself makes it 10 s.',
  ],
  [
    { metric: 'messages.scheduled', atMost: 9_999 },
    constant(1_000),
    'mine: messages.scheduled can never be met, for the load itself makes it 10,000.',
  ],
  [
    { metric: p99, atMost: 0.2 },
    constant(1_000),
    'mine: latency.endToEnd.p99Ms of at most 0.2 ms can hardly be measured, for the load generator itself may send 0.25 ms late.',
  ],
  [
    { metric: 'latency.publish.p99Ms', atMost: 0 },
    constant(1_000),
    'mine: latency.publish.p99Ms of at most 0 ms can never be met, for every message takes some time.',
  ],
  [
    { metric: 'messages.lost', atMost: -1 },
    constant(1_000),
    'mine: messages.lost of at most -1 can never be met, for it is never below 0.',
  ],
])('%j under %j is warned of', (requirement, workload, words) => {
  expect(warned(requirement, workload)).toBe(words);
});

test.each<[object, object]>([
  [{ metric: p9999, atMost: 100 }, constant(10_000)],
  [{ metric: p99, atMost: 100 }, constant(100)],
  // The schedule has a message more than rate times time.
  [{ metric: p99, atMost: 100 }, constant(333.3, 3)],
  [{ metric: p999, atMost: 100 }, steps(200, 1_800)],
  [{ metric: p9999, atMost: 100 }, search(5_000, 20)],
  [{ metric: p999, atMost: 100 }, rungs(100, 1_000)],
  [{ metric: 'latency.endToEnd.maxMs', atMost: 100 }, constant(0.2)],
  [{ metric: 'latency.endToEnd.meanMs', atMost: 100 }, constant(0.2)],
  [{ metric: consumed, atLeast: 5_000 }, constant(5_000)],
  [{ metric: consumed, atLeast: 0.5 }, constant(0.25, 2)],
  [{ metric: consumed, atMost: 100 }, constant(5_000)],
  [{ metric: consumed, atLeast: 500 }, steps(100, 900)],
  [{ metric: consumed, atLeast: 50_000 }, search(50_000, 20)],
  [{ metric: 'messages.received', atLeast: 10_000 }, constant(1_000)],
  [{ metric: 'durationSeconds', atMost: 10 }, constant(1_000)],
  [{ metric: 'durationSeconds', atLeast: 10 }, steps(1, 1)],
  [{ metric: p99, atMost: 0.25 }, constant(1_000)],
  [{ metric: 'latency.publish.p99Ms', atMost: 0.1 }, constant(1_000)],
  [{ metric: 'messages.lost', atMost: 0 }, constant(1_000)],
  [{ metric: 'messages.reordered', atMost: 0 }, constant(1_000)],
])('%j under %j is not', (requirement, workload) => {
  expect(warned(requirement, workload)).toBeNull();
});

test.each<[object, string | null]>([
  [
    { metric: 'messages.lost', atLeast: 1 },
    'messages.lost with atLeast is met by products that do worse, for less of it is better: atMost bounds it the other way.',
  ],
  [
    { metric: p99, atLeast: 50 },
    'latency.endToEnd.p99Ms with atLeast is met by products that do worse, for less of it is better: atMost bounds it the other way.',
  ],
  [
    { metric: consumed, atMost: 1_000 },
    'throughput.consumed.messagesPerSecond with atMost is met by products that do worse, for more of it is better: atLeast bounds it the other way.',
  ],
  [
    { metric: consumed, atLeast: 0 },
    'throughput.consumed.messagesPerSecond of at least 0 messages/s is met whatever the product does, for it is never below 0.',
  ],
  [
    { metric: 'messages.lost', atMost: 10_000 },
    'messages.lost of at most 10,000 is met whatever the product does, for no more than 10,000 messages are due.',
  ],
  [{ metric: 'messages.lost', atMost: 9_999 }, null],
  [{ metric: 'messages.duplicated', atMost: 10_000 }, null],
  [{ metric: consumed, atLeast: 0.1 }, null],
  [{ metric: 'durationSeconds', atLeast: 10 }, null],
  [{ metric: 'messages.scheduled', atLeast: 10_000 }, null],
])('a bound that tells nothing of a good product is warned of: %j', (requirement, words) => {
  const requirements = [requirement];
  const workload = constant(1_000);
  const spec = experimentSchema.parse({ name: 'mine', technology: 'nats', workload, requirements });
  expect(expectedOfExperiment(spec).warnings).toEqual(words === null ? [] : [`mine: ${words}`]);
});

test('what an emulator cannot decide, and what a product does not promise, is warned of', () => {
  const load = constant(1_000);
  const of = (metric: string) => warned({ metric, atMost: 100 }, load, 'kinesis');
  const why = 'for Amazon Kinesis is emulated on local, and its speed says nothing of the real one.';
  expect(of(p99)).toBe(`mine: latency.endToEnd.p99Ms stays undecided, ${why}`);
  expect(of('messages.throttled')).toBe(`mine: messages.throttled stays undecided, ${why}`);
  expect(of('messages.lost')).toBeNull();
  expect(of('messages.reordered')).toBe(
    'mine: messages.reordered is not measured, for Amazon Kinesis promises no order.',
  );
});

test('a partition that is not there is warned of, one that is can be bounded', () => {
  expect(warned({ metric: 'perPartition.0', atLeast: 1 }, constant(1_000), 'kafka')).toBeNull();
  expect(warned({ metric: 'perPartition.4', atLeast: 1 }, constant(1_000), 'kafka')).toBe(
    'mine: perPartition.4 is not measured, for the last of them is perPartition.3.',
  );
});

test('of a comparison what the load cannot decide is said once, what a variant cannot with its name', () => {
  const comparison = comparisonSchema.parse({
    name: 'both',
    workload: constant(100),
    requirements: [
      { metric: p9999, atMost: 100 },
      { metric: consumed, atLeast: 200 },
    ],
    variants: [
      { name: 'ours', technology: 'nats' },
      { name: 'theirs', technology: 'kinesis' },
    ],
  });
  const { warnings } = expectedOfComparison(comparison);
  expect(warnings.filter((one) => one.includes('undecided'))).toEqual([
    expect.stringMatching(/^both: latency\.endToEnd\.p9999Ms stays undecided, for the load/),
    expect.stringMatching(/^both: throughput\.consumed\.messagesPerSecond of at least 200 messages\/s can/),
    expect.stringMatching(
      /^theirs: latency\.endToEnd\.p9999Ms and throughput\.consumed\.messagesPerSecond stay undecided, for Amazon/,
    ),
  ]);
});

test.each<[object[], string | null]>([
  [
    [
      { metric: p99, atMost: 5 },
      { metric: p99, atLeast: 10 },
    ],
    'mine: latency.endToEnd.p99Ms of at most 5 ms and latency.endToEnd.p99Ms of at least 10 ms can never both be met.',
  ],
  [
    [
      { metric: 'latency.endToEnd.p50Ms', atLeast: 10 },
      { metric: 'latency.endToEnd.maxMs', atMost: 5 },
    ],
    'mine: latency.endToEnd.maxMs of at most 5 ms and latency.endToEnd.p50Ms of at least 10 ms can never both be met.',
  ],
  [
    [
      { metric: 'latency.endToEnd.p50Ms', atMost: 5 },
      { metric: p99, atLeast: 10 },
    ],
    null,
  ],
  [
    [
      { metric: 'latency.publish.p50Ms', atLeast: 10 },
      { metric: p99, atMost: 5 },
    ],
    null,
  ],
  [
    [
      { metric: p99, atMost: 5 },
      { metric: p99, atLeast: 5 },
    ],
    null,
  ],
])('of requirements that contradict each other: %j', (requirements, said) => {
  const spec = experimentSchema.parse({
    name: 'mine',
    technology: 'nats',
    workload: constant(1_000),
    requirements,
  });
  const about = expectedOfExperiment(spec).warnings.filter((one) => one.includes('never both'));
  expect(about).toEqual(said === null ? [] : [said]);
});
