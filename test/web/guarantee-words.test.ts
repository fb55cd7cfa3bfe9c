import { expect, test } from '@jest/globals';
import { guaranteesInWords } from '../../src/web/create/preview/guarantee-words.ts';

const worth = (explanation: string) => ({
  processCrash: 'survives' as const,
  powerLoss: 'may-be-lost' as const,
  nodeLoss: 'may-be-lost' as const,
  copies: 1,
  flushed: null,
  explanation,
});
const answer = (guarantees: Record<string, string>) =>
  ({
    guarantees: Object.entries(guarantees).map(([name, text]) => ({ name, guarantee: worth(text) })),
  }) as never;
const variant = (name: string, sweep?: Record<string, unknown[]>) => ({
  name,
  technology: 'kafka',
  target: 'local',
  settings: {},
  ...(sweep ? { sweep } : {}),
});

const tails = (lines: string[]) => lines.map((line) => line.replace(/An acknowledged.*\. /, ''));

test('each variant has its own, whatever the names of others begin with', () => {
  const variants = [variant('Kafka, acks 1'), variant('Kafka')];
  const given = answer({ 'Kafka, acks 1': 'one', Kafka: 'all' });
  expect(tails(guaranteesInWords(given, variants, 0))).toEqual(['one']);
  expect(tails(guaranteesInWords(given, variants, 1))).toEqual(['all']);
});

test('a name may have spaces at its ends', () => {
  expect(tails(guaranteesInWords(answer({ Kafka: 'all' }), [variant(' Kafka ')], 0))).toEqual(['all']);
});

test('of values that differ each is told, of alike ones one', () => {
  const variants = [variant('Kafka', { acks: [0, 'all'] }), variant('Kafka, acks 1')];
  const differing = answer({ 'Kafka, acks 0': 'none', 'Kafka, acks all': 'all', 'Kafka, acks 1': 'one' });
  expect(tails(guaranteesInWords(differing, variants, 0))).toEqual([
    'Kafka, acks 0: none',
    'Kafka, acks all: all',
  ]);
  const alike = answer({ 'Kafka, acks 0': 'same', 'Kafka, acks all': 'same', 'Kafka, acks 1': 'one' });
  expect(tails(guaranteesInWords(alike, variants, 0))).toEqual(['same']);
});

test('nothing is told before the server has answered', () => {
  expect(guaranteesInWords(null, [variant('Kafka')], 0)).toEqual([]);
});
