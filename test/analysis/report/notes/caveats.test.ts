import { expect, test } from '@jest/globals';
import { conditionsOf } from '../../../../src/analysis/report/conditions/conditions.ts';
import { caveatsOf } from '../../../../src/analysis/report/notes/caveats.ts';
import type { ReportColumn } from '../../../../src/contracts/documents/api.ts';
import { experimentSchema } from '../../../../src/contracts/input/experiment.ts';
import { measurement, result } from '../../../support/documents.ts';
import { reportColumn } from '../../../support/report-column.ts';

const column = (label: string, given: Partial<ReportColumn> = {}) =>
  reportColumn(label, { measurement: measurement(), ...given });

const clients = (producer: string, consumer: string) => ({
  producer: { name: producer, version: '1.0', adds: ['fills batches'] },
  consumer: { name: consumer, version: '1.0', adds: [] },
});

test.each<[string, Partial<ReportColumn>, Partial<ReportColumn>, string]>([
  [
    'clients',
    { clients: clients('kafkajs', 'kafkajs') },
    { clients: clients('flat', 'kafkajs') },
    'The clients differ, and what they take is in the numbers. A and B: kafkajs 1.0; C: flat 1.0 and kafkajs 1.0.',
  ],
  [
    'emulation',
    {},
    { emulated: true },
    'Some are emulated and others are not: their speeds are not to be compared. A and B: the product itself; C: EMULATED.',
  ],
  [
    'versions of one product',
    { productName: 'Apache Kafka 4.3.1' },
    { productName: 'Apache Kafka 4.4.0' },
    'The versions of the product differ. A and B: Apache Kafka 4.3.1; C: Apache Kafka 4.4.0.',
  ],
  [
    'the comparator',
    { comparatorVersion: '0.4.0' },
    {},
    'The comparators that measured are of different versions, and may measure differently. A and B: 0.4.0; C: not known.',
  ],
])('%s: what differs is said once, of those that are alike together', (_, one, other, said) => {
  expect(caveatsOf([column('A', one), column('B', one), column('C', other)])).toEqual([said]);
  expect(caveatsOf([column('A', one), column('B', one)])).toEqual([]);
});

test('products of different technologies differ anyway, and what was not measured differs from nothing', () => {
  const kafka = column('A', { productName: 'Apache Kafka 4.3.1' });
  expect(caveatsOf([kafka, column('B', { technology: 'nats', productName: 'NATS Server 2' })])).toEqual([]);
  expect(caveatsOf([kafka, reportColumn('B', { emulated: true })])).toEqual([]);
});

const constant = (messagesPerSecond: number) => ({ load: { shape: 'constant', messagesPerSecond } });
const search = (given: object) => ({ load: { shape: 'capacity-search', ...given } });
const shares = (given: object) => ({ load: { shape: 'ladder', sharesPercent: [50], ...given } });
const keys = (given: object) => ({ ...constant(9), keys: { cardinality: 9, ...given } });
const steps = (...each: [number, number][]) => ({
  load: {
    shape: 'steps',
    steps: each.map(([messagesPerSecond, seconds]) => ({ messagesPerSecond, seconds })),
  },
});
const many = (last: number) => steps(...Array(30).fill([100, 1]), [last, 1]);

/** What is said of columns measured under these workloads. */
function caveatsUnder(...workloads: object[]): string[] {
  return caveatsOf(
    workloads.map((workload, index) => {
      const spec = experimentSchema.parse({ name: 'x', technology: 'kafka', workload });
      return column(`${index}`, { workload: conditionsOf(result({ spec })).workload });
    }),
  );
}

test.each<[string, object, object]>([
  ['size', constant(9), { ...constant(9), messageSizeBytes: 1_025 }],
  ['rate', constant(1_000), constant(1_000.4)],
  ['time', { ...constant(9), durationSeconds: 10 }, { ...constant(9), durationSeconds: 10.04 }],
  ['warm-up', constant(9), { ...constant(9), warmupSeconds: 4 }],
  ['longest warm-up', constant(9), { ...constant(9), maxWarmupSeconds: 600 }],
  ['drain', constant(9), { ...constant(9), drainTimeoutSeconds: 1 }],
  ['producers', constant(9), { ...constant(9), producers: 2 }],
  ['consumers', constant(9), { ...constant(9), consumers: 2 }],
  ['generators', { ...constant(9), producers: 2 }, { ...constant(9), producers: 2, generators: 2 }],
  ['payload', constant(9), { ...constant(9), payload: { content: 'compressible' } }],
  ['keys', constant(9), keys({ distribution: 'uniform' })],
  ['distribution', keys({ distribution: 'zipf' }), keys({ distribution: 'uniform' })],
  ['skew', keys({ distribution: 'zipf' }), keys({ distribution: 'zipf', exponent: 2 })],
  ['step', steps([10, 19], [1_000, 1]), steps([1_000, 10], [10, 10])],
  ['one of many steps', many(50), many(60)],
  ['start of a search', search({}), search({ startMessagesPerSecond: 10 })],
  ['end of a search', search({}), search({ maxMessagesPerSecond: 2_000 })],
  ['probe', search({}), search({ probeSeconds: 60 })],
  ['resolution', search({}), search({ resolutionPercent: 50 })],
  ['end of the search of a ladder', shares({}), shares({ maxMessagesPerSecond: 2_000 })],
  ['rung', shares({}), shares({ sharesPercent: [60] })],
])('loads that differ in their %s are not of one question', (_, one, other) => {
  expect(caveatsUnder(one, other)).toEqual([expect.stringMatching(/^The loads differ/)]);
  expect(caveatsUnder(one, one)).toEqual([]);
});

test('what is as usual in a load is not said', () => {
  const words = (workload: object) => {
    const spec = experimentSchema.parse({ name: 'x', technology: 'kafka', workload });
    return conditionsOf(result({ spec })).workload;
  };
  expect(words(keys({ distribution: 'zipf' }))).toBe(
    '9 messages/s of 1,024 B for 20 s, after at least 5 s of warm-up; 9 keys (zipf); 1 producer and 1 consumer in one process',
  );
  expect(words(search({}))).toMatch(/^a search from 1,000 messages\/s of 1,024 B/);
});
