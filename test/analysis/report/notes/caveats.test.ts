import { expect, test } from '@jest/globals';
import { caveatsOf } from '../../../../src/analysis/report/notes/caveats.ts';
import type { ReportColumn } from '../../../../src/contracts/documents/api.ts';
import { measurement } from '../../../support/documents.ts';
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
