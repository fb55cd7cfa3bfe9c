import { expect, test } from '@jest/globals';
import { leftInWords, msLeft } from '../../src/web/comparison/time-left.ts';

const startedAt = '2026-01-01T00:00:00.000Z';
const at = (seconds: number) => Date.parse(startedAt) + seconds * 1_000;
const run = (state: 'waiting' | 'running' | 'needs-operator' | 'completed' | 'failed', since?: number) => ({
  state,
  timeline:
    since === undefined
      ? null
      : [{ phase: 'queued' as const, startedAt: new Date(at(since)).toISOString(), endedAt: null }],
});

test.each([
  ['nothing has begun', null, [run('waiting')], 5, null],
  ['none has ended', startedAt, [run('running', 1), run('waiting')], 5, null],
  ['one of three has, in 20 s', startedAt, [run('completed'), run('running', 20), run('waiting')], 30, 30],
  ['the one that runs takes longer', startedAt, [run('failed'), run('running', 20), run('waiting')], 50, 20],
  ['one waits for a person', startedAt, [run('needs-operator'), run('running', 20)], 25, 15],
  ['all have ended', startedAt, [run('completed'), run('completed')], 40, 0],
])('time left where %s', (_, started, variants, seconds, expected) => {
  const left = msLeft({ startedAt: started, variants }, at(seconds));
  expect(left === null ? null : left / 1_000).toBe(expected);
});

test.each([
  ['is not known', [run('running', 1), run('waiting')], 5, ''],
  ['is told in whole seconds', [run('completed'), run('running', 20)], 35.2, ', about 5 s left'],
  [
    'is not known of one that takes longer',
    [run('completed'), run('running', 20)],
    60,
    ', the last takes longer than those before it',
  ],
])('what is left %s', (_, variants, seconds, expected) => {
  expect(leftInWords({ startedAt, variants }, at(seconds))).toBe(expected);
});
