import { describe, expect, test } from '@jest/globals';
import type { Failure } from '../../../src/contracts/documents/progress.ts';
import { progressOf, recordOf } from '../../../workflows/experiment/progress.ts';
import {
  type AcceptedState,
  type CarriedState,
  initialState,
  outcomeOf,
  phaseOf,
  resumedState,
} from '../../../workflows/experiment/state.ts';
import { spec } from '../support/fake-world.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 26, 0, 0, second)).toISOString();
const failure: Failure = { code: 'load-failed', phase: 'measuring', message: 'broken', diagnostics: [] };
const stop = { reason: null, atEpochMs: Date.parse(at(9)) };
const queued = { phase: 'queued', startedAt: at(0), endedAt: at(1) } as const;

describe('the outcome', () => {
  test.each([
    ['completed', null, null],
    ['cancelled', null, stop],
    ['failed', failure, null],
    ['failed', failure, stop],
    ['completed', null, { ...stop, whileKept: true }],
    ['failed', failure, { ...stop, whileKept: true }],
  ] as const)('is %s', (outcome, failed, stopped) => {
    expect(outcomeOf({ failure: failed, stop: stopped })).toBe(outcome);
  });
});

test('an experiment is queued before its first phase, and then what its timeline says last', () => {
  expect(phaseOf(initialState('e', at(0)))).toBe('queued');
  const timeline = [queued, { phase: 'provisioning' as const, startedAt: at(1), endedAt: null }];
  expect(phaseOf({ timeline })).toBe('provisioning');
});

/** As release 0.1.0 carried it over, from the destroy that it waits to try again. */
const carried: CarriedState & { mustDestroy: boolean } = {
  ref: { experimentId: 'e', runId: 'run-1', spec },
  comparisonId: 'c',
  emulated: false,
  submittedAt: at(0),
  startedAt: at(1),
  timeline: [queued, { phase: 'needs-operator', startedAt: at(1), endedAt: null }],
  restarts: 1,
  session: 2,
  mustDestroy: true,
  partial: true,
  partKeys: ['part'],
  provisioned: null,
  opened: [],
  probes: [],
  failure: null,
  uploaded: { outcome: 'cancelled', resultKey: 'key', summary: null },
  destroyFailures: 1_000,
  operator: { reason: 'in use', actions: [], attempts: 1_000, nextRetryAt: null },
  stop,
};

test('what an earlier release carried over is kept, and what it did not know is as at the start', () => {
  expect(resumedState('e', carried)).toEqual({
    ...carried,
    id: 'e',
    outcome: null,
    slotGranted: false,
    waitingToDestroy: false,
    retryDestroy: null,
    parentTold: false,
    nextStep: null,
    rungs: [],
    disowned: 0,
    home: null,
    submittedBy: null,
    kept: null,
    limits: {
      longHistoryEvents: 4_000,
      provisionForMs: 7_200_000,
      takeUpMs: 300_000,
      provisionTries: 2,
      loadRestarts: 2,
      disownedInARow: 4,
      destroysBeforeOperator: 3,
    },
  });
});

describe('the progress', () => {
  test('of an experiment that has just been started says little', () => {
    expect(progressOf(initialState('e', at(0)))).toEqual({
      phase: 'queued',
      outcome: null,
      queuePosition: null,
      startedAt: null,
      endedAt: null,
      cancelRequestedAt: null,
      cancelRequestedBy: null,
      keptUntil: null,
      timeline: [],
      restarts: 0,
      probes: [],
      failure: null,
      operator: null,
      resultKey: null,
    });
  });

  test('has an end only once it is closed', () => {
    const state = resumedState('e', carried);
    expect(progressOf(state)).toMatchObject({ endedAt: null, cancelRequestedAt: at(9), restarts: 1 });
    const timeline = [queued, { phase: 'closed' as const, startedAt: at(8), endedAt: at(8) }];
    expect(progressOf({ ...state, timeline, outcome: 'cancelled' })).toMatchObject({
      phase: 'closed',
      outcome: 'cancelled',
      endedAt: at(8),
    });
  });
});

test('the record is the progress, what was asked for, and whether there is a result', () => {
  const state: AcceptedState = resumedState('e', carried);
  expect(recordOf(state)).toEqual({
    ...progressOf(state),
    id: 'e',
    name: spec.name,
    technology: 'kafka',
    target: 'local',
    emulated: false,
    comparisonId: 'c',
    submittedAt: at(0),
    submittedBy: null,
    spec,
    hasResult: true,
  });
  expect(recordOf({ ...state, uploaded: null }).hasResult).toBe(false);
});
