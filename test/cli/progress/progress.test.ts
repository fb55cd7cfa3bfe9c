import { expect, test } from '@jest/globals';
import { activityText, comparisonLines } from '../../../src/cli/progress/progress-lines.ts';
import { lineView } from '../../../src/cli/progress/progress-view.ts';
import type { ComparisonDetail, ExperimentDetail } from '../../../src/contracts/documents/api.ts';
import { comparisonRecord, experimentRecord, liveStats, progress } from '../../support/documents.ts';

const now = new Date('2026-11-24T12:00:20.000Z');
const idle = { queuePosition: null, operator: null, progress: null, timeline: progress().timeline };

test.each([
  [{ ...idle, phase: null }, 'starting'],
  [{ ...idle, phase: 'queued' as const, queuePosition: 2 }, 'queued, number 2 in line'],
  [{ ...idle, phase: 'measuring' as const }, 'measuring for 12 s'],
  [
    {
      ...idle,
      phase: 'measuring' as const,
      progress: liveStats({ secondsElapsed: 10, endToEndP99Ms: null }),
    },
    'measuring  produced 1,000/s  consumed 990/s  p99 – ms  [██████████░░░░░░░░░░] 10 s left',
  ],
  [
    {
      ...idle,
      phase: 'needs-operator' as const,
      operator: { reason: 'a lock is held', actions: [], attempts: 3, nextRetryAt: null },
    },
    'needs-operator: a lock is held',
  ],
])('%#: what goes on is said in one line', (activity, text) => {
  expect(activityText(activity, now)).toBe(text);
});

const running: ComparisonDetail = {
  ...comparisonRecord({ outcome: null, endedAt: null }),
  links: { self: '', report: '', events: '', temporal: null },
  variants: [
    { name: 'Kafka', experimentId: 'a', state: 'completed', ...idle, timeline: null, phase: null },
    {
      name: 'Kinesis',
      experimentId: 'b',
      state: 'running',
      ...idle,
      phase: 'measuring',
      progress: liveStats(),
    },
    { name: 'Last', experimentId: 'c', state: 'waiting', ...idle, timeline: null, phase: null },
  ],
};

test('a comparison has a line for each variant', () => {
  expect(comparisonLines(running, now)).toEqual([
    'kafka vs kinesis  cmp-0001',
    '  ✔ Kafka    completed',
    '  ▶ Kinesis  measuring  produced 1,000/s  consumed 990/s  p99 12.3 ms  [█████░░░░░░░░░░░░░░░] 15 s left',
    '  · Last     waiting',
  ]);
});

test('without a terminal a line is written only when something has changed', () => {
  const written: string[] = [];
  const view = lineView('comparisons', (line) => written.push(line));
  view.show(running);
  view.show(running);
  view.show({
    ...running,
    variants: running.variants.map((variant) => ({ ...variant, state: 'completed' as const, phase: null })),
  });
  expect(written).toEqual([
    'Kafka: completed',
    'Kinesis: measuring',
    'Kinesis: completed',
    'Last: completed',
  ]);
});

test('without a terminal a failure is told once', () => {
  const written: string[] = [];
  const view = lineView('experiments', (line) => written.push(line));
  const detail: ExperimentDetail = {
    ...experimentRecord({
      outcome: 'failed',
      failure: { code: 'load-failed', phase: 'measuring', message: 'refused', diagnostics: [] },
    }),
    progress: null,
    links: {
      self: '',
      result: null,
      timeseries: null,
      log: null,
      events: '',
      temporal: null,
      comparison: null,
    },
  };
  view.show(detail);
  view.show(detail);
  expect(written).toEqual(['kafka, acks all: failed', '  failed while measuring (load-failed): refused']);
});
