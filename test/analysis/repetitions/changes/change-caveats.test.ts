import { expect, test } from '@jest/globals';
import { changeCaveats } from '../../../../src/analysis/repetitions/changes/change-caveats.ts';
import type { Report, ReportColumn } from '../../../../src/contracts/documents/api.ts';
import { measurement } from '../../../support/documents.ts';
import { reportColumn, reportRun } from '../../../support/report-column.ts';

const report = (given: Partial<ReportColumn>, ...labels: string[]) =>
  ({
    columns: labels.map((label) => reportColumn(label, { measurement: measurement(), ...given })),
  }) as Report;

const client = (version: string) => ({
  producer: { name: 'kafkajs', version, adds: [] },
  consumer: { name: 'kafkajs', version, adds: [] },
});
const guarantee = (powerLoss: 'survives' | 'may-lose') => ({
  processCrash: 'survives' as const,
  powerLoss,
  nodeLoss: 'survives' as const,
  copies: 2,
  flushed: true,
  explanation: '',
});

test('of two reports of the same there is none', () => {
  expect(changeCaveats(report({}, 'A', 'B'), report({}, 'A', 'B'))).toEqual([]);
});

test.each<[string, Partial<ReportColumn>, Partial<ReportColumn>, string]>([
  [
    'the load',
    { workload: '5 messages/s' },
    { workload: '7 messages/s' },
    'A and B: 5 messages/s then, 7 messages/s now',
  ],
  [
    'the machine',
    { machine: '2 × x' },
    { machine: '4 × y' },
    'The machines differ, and so may the numbers for that alone. A and B: 2 × x then, 4 × y now.',
  ],
  [
    'the client',
    { clients: client('2') },
    { clients: client('3') },
    'A and B: kafkajs 2 then, kafkajs 3 now',
  ],
  [
    'the product',
    { productName: 'Apache Kafka 4.3.1' },
    { productName: 'Apache Kafka 4.4.0' },
    'The versions of the product differ. A and B: Apache Kafka 4.3.1 then, Apache Kafka 4.4.0 now.',
  ],
  [
    'the comparator',
    { comparatorVersion: null },
    { comparatorVersion: '0.4.0' },
    'A and B: not known then, 0.4.0 now',
  ],
  ['emulation', { emulated: true }, {}, 'A and B: EMULATED then, the product itself now'],
  ['the target', { target: 'local' }, { target: 'existing' }, 'A and B: local then, existing now'],
  [
    'the guarantee',
    { guarantee: guarantee('survives') },
    { guarantee: guarantee('may-lose') },
    'may not survive a loss of power',
  ],
])('%s is said where it is another', (_, then, now, said) => {
  expect(changeCaveats(report(then, 'A', 'B'), report(now, 'A', 'B'))).toEqual([
    expect.stringContaining(said),
  ]);
});

test('what only one report has is named', () => {
  expect(changeCaveats(report({}, 'A', 'B'), report({}, 'B', 'C'))).toEqual([
    'Only the earlier report has A: nothing is compared.',
    'Only the later report has C: nothing is compared.',
  ]);
});

test('a machine that was slower then or now is said, over both', () => {
  const on = (speed: number) => {
    const calibration = {
      loopMillionsPerSecond: speed,
      hashMegabytesPerSecond: speed,
      copyMegabytesPerSecond: 8_000,
      fsyncP50Ms: null,
    };
    return report({ runs: [reportRun(0, {}, { calibration })] }, 'A');
  };
  expect(changeCaveats(on(600), on(400))).toEqual([
    'The machine was not as fast in computing for all, and the numbers may differ for that alone: it was 33% slower when A, now was measured than when A, then was.',
  ]);
});
