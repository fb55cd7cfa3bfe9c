import { expect, test } from '@jest/globals';
import { activityText, comparisonLines, experimentLines } from '../../../src/cli/progress/progress-lines.ts';
import { lineView } from '../../../src/cli/progress/progress-view.ts';
import type { ComparisonDetail, ExperimentDetail } from '../../../src/contracts/documents/api.ts';
import type { Phase } from '../../../src/contracts/documents/progress.ts';
import { comparisonRecord, experimentRecord, liveStats, progress } from '../../support/documents.ts';

const now = new Date('2026-11-24T12:00:20.000Z');
const idle = {
  queuePosition: null,
  operator: null,
  progress: null,
  waiting: null,
  waits: null,
  timeline: progress().timeline,
};

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
      phase: 'measuring' as const,
      progress: liveStats({ secondsElapsed: 10, endToEndP99Ms: 40, ownLatenessP99Ms: 5 }),
    },
    'measuring  produced 1,000/s  consumed 990/s  p99 40 ms  ! load generator 5 ms late  [██████████░░░░░░░░░░] 10 s left',
  ],
  [
    {
      ...idle,
      phase: 'measuring' as const,
      progress: liveStats({
        secondsElapsed: 10,
        producedPerSecond: 0.2,
        consumedPerSecond: 0.25,
        endToEndP99Ms: 0.04,
      }),
    },
    'measuring  produced 0.2/s  consumed 0.25/s  p99 0.04 ms  [██████████░░░░░░░░░░] 10 s left',
  ],
  [
    {
      ...idle,
      phase: 'warming-up' as const,
      timeline: [],
      progress: liveStats({ secondsElapsed: 7.2, secondsTotal: 7.2, endToEndP99Ms: null }),
    },
    'warming-up  produced 1,000/s  consumed 990/s  p99 – ms  [████████████████████] 7 s, until it is level',
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
  waiting: null,
  waits: [],
  links: { self: '', report: '', events: '', temporal: null },
  variants: [
    {
      name: 'Kafka',
      experimentId: 'a',
      repetition: 1,
      state: 'completed',
      ...idle,
      timeline: null,
      phase: null,
    },
    {
      name: 'Kinesis',
      experimentId: 'b',
      repetition: 1,
      state: 'running',
      ...idle,
      phase: 'measuring',
      progress: liveStats(),
    },
    {
      name: 'Last',
      experimentId: 'c',
      repetition: 1,
      state: 'waiting',
      ...idle,
      timeline: null,
      phase: null,
    },
  ],
};

const closed: ExperimentDetail = {
  ...experimentRecord({
    outcome: 'failed',
    failure: { code: 'load-failed', phase: 'measuring', message: 'refused', diagnostics: [] },
  }),
  progress: null,
  terraform: null,
  waiting: null,
  waits: [],
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
  const view = lineView<'comparisons'>((line) => written.push(line), { now: () => 0 });
  view.show(running);
  view.show(running);
  view.show({
    ...running,
    variants: running.variants.map((variant) => ({ ...variant, state: 'completed' as const, phase: null })),
  });
  expect(written).toEqual([
    '0:00  Kafka: completed',
    '0:00  Kinesis: queued',
    '0:00  Kinesis: provisioning',
    '0:00  Kinesis: measuring',
    '0:00  Kinesis: completed',
    '0:00  Last: completed',
  ]);
});

test('without a terminal a long phase is told of again, with its figures', () => {
  const written: string[] = [];
  let nowMs = 0;
  const view = lineView<'comparisons'>((line) => written.push(line), { now: () => nowMs, everyMs: 10_000 });
  for (nowMs = 0; nowMs <= 3_700_000; nowMs += 1_000) {
    if (nowMs < 21_000 || nowMs > 3_698_000) view.show(running);
  }
  expect(written.slice(4)).toEqual([
    '0:10  Kinesis: measuring  produced 1,000/s  consumed 990/s  p99 12.3 ms  15 s left',
    '0:20  Kinesis: measuring  produced 1,000/s  consumed 990/s  p99 12.3 ms  15 s left',
    '1:01:39  Kinesis: measuring  produced 1,000/s  consumed 990/s  p99 12.3 ms  15 s left',
  ]);
});

test('without a terminal a place in line is told when it changes, and not again when it is gone', () => {
  const written: string[] = [];
  const view = lineView<'experiments'>((line) => written.push(line), { now: () => 0 });
  const at = (phases: Phase[], queuePosition: number | null) =>
    view.show({
      ...closed,
      outcome: null,
      failure: null,
      phase: phases.at(-1) as Phase,
      queuePosition,
      timeline: phases.map((phase) => ({ phase, startedAt: now.toISOString(), endedAt: null })),
    });
  at(['queued'], null);
  at(['queued'], 2);
  at(['queued'], 1);
  at(['queued', 'provisioning', 'warming-up'], null);
  expect(written).toEqual([
    '0:00  kafka, acks all: queued',
    '0:00  kafka, acks all: queued, number 2 in line',
    '0:00  kafka, acks all: queued, number 1 in line',
    '0:00  kafka, acks all: provisioning',
    '0:00  kafka, acks all: warming-up',
  ]);
});

test('the first look at a phase does not show the figures of the one before', () => {
  const timeline = [{ phase: 'measuring' as const, startedAt: now.toISOString(), endedAt: null }];
  const earlier = liveStats({ atEpochMs: now.getTime() - 1 });
  expect(activityText({ ...idle, phase: 'measuring', timeline, progress: earlier }, now)).toBe(
    'measuring for 0 ms',
  );
});

test('what is kept says until when', () => {
  const keptUntil = '2026-11-24T12:30:00.000Z';
  expect(activityText({ ...idle, phase: 'kept', keptUntil }, now)).toBe(
    'kept until 2026-11-24 12:30 UTC, to look inside',
  );
});

test('what is closed is one line', () => {
  expect(experimentLines({ ...closed, outcome: 'completed', failure: null }, now).slice(1)).toEqual([
    '  completed',
  ]);
});

test('without a terminal a failure is told once', () => {
  const written: string[] = [];
  const view = lineView<'experiments'>((line) => written.push(line), { now: () => 0 });
  view.show(closed);
  view.show(closed);
  expect(written.slice(-2)).toEqual([
    '0:00  kafka, acks all: failed',
    '  failed while measuring (load-failed): refused',
  ]);
  expect(written.filter((line) => line.includes('refused'))).toHaveLength(1);
});

test('a wait says why, since when and what next', () => {
  const waits = [
    {
      kind: 'activity' as const,
      for: 'the activity provision, tried again',
      since: '2026-11-24T12:00:00.000Z',
      attempt: 4,
      reason: 'EACCES',
      nextAttemptAt: '2026-11-24T12:00:25.000Z',
      hint: 'Look at the folder.',
    },
  ];
  expect(
    experimentLines({ ...closed, outcome: null, failure: null, phase: 'provisioning', waits }, now),
  ).toEqual(
    expect.arrayContaining([
      '  waits: the activity provision, tried again (for 20 s, try 4, the next in 5 s): EACCES',
      '    Look at the folder.',
    ]),
  );
});
