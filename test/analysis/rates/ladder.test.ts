import { expect, test } from '@jest/globals';
import { kneeOf, topWithoutKnee } from '../../../src/analysis/rates/ladder.ts';
import type { LadderRung } from '../../../src/contracts/documents/result.ts';
import { latency, measurement } from '../../support/documents.ts';

const rung = (messagesPerSecond: number, p99Ms: number | null, sustained = true): LadderRung => ({
  messagesPerSecond,
  sustained,
  reason: sustained ? 'sustained' : 'the backlog grew',
  limited: false,
  latency: { ...measurement().latency, endToEnd: latency({ p99Ms }) },
  throughput: measurement().throughput,
  steady: true,
  steadyReason: null,
});

test.each<[string, LadderRung[], number | null]>([
  ['none', [], null],
  ['a steep rise', [rung(100, 4), rung(200, 5), rung(400, 9), rung(800, 40)], 2],
  ['no rise', [rung(100, 4), rung(200, 5)], null],
  [
    'a rise that was the load generator',
    [rung(100, 4), { ...rung(200, 40), limited: true }, { ...rung(400, 5, false), limited: true }],
    null,
  ],
  ['a rung that was not sustained', [rung(100, 4), rung(200, 5, false)], 0],
  ['no rung that was', [rung(100, 4, false)], null],
  ['a rung that failed below others', [rung(100, 4), rung(200, 5, false), rung(400, 5), rung(800, 40)], 0],
  ['a rise that was gone above', [rung(100, 4), rung(200, 40), rung(400, 5)], 0],
  ['the lowest rung failing', [rung(100, 4, false), rung(200, 5), rung(400, 50)], null],
  ['any order', [rung(400, 9), rung(100, 4), rung(800, 40)], 0],
  ['a rung too short for a p99', [rung(100, null), rung(200, 5), rung(400, 50)], 1],
])('the knee of %s', (_, ladder, expected) => {
  expect(kneeOf(ladder)).toBe(expected);
});

test('a ladder without a knee says up to where it has none', () => {
  expect(topWithoutKnee([rung(100, 4), rung(400, 5), rung(200, 5)])).toBe(1);
  expect(topWithoutKnee([rung(100, 4), rung(200, 50)])).toBeNull();
  expect(topWithoutKnee([rung(100, 4, false)])).toBeNull();
  expect(topWithoutKnee([rung(100, 4, false), rung(200, 4)])).toBeNull();
  expect(topWithoutKnee([rung(100, null), rung(200, null, false), rung(400, null)])).toBe(0);
});
