import { expect, test } from '@jest/globals';
import type { Phase } from '../../../src/contracts/documents/progress.ts';
import { detailsOf } from '../../../workflows/experiment/current-details.ts';
import { initialState, type State } from '../../../workflows/experiment/state.ts';
import { spec } from '../support/fake-world.ts';

const at = '2026-11-26T12:00:00.000Z';
const stateIn = (phase: Phase, given: Partial<State> = {}): State => ({
  ...initialState('e-1', at),
  ref: { experimentId: 'e-1', runId: 'run-1', spec },
  timeline: [{ phase, startedAt: at, endedAt: null }],
  ...given,
});

test.each<[string, State, string[]]>([
  ['what it waits for', stateIn('queued'), ['**queued** since 2026-11-26 12:00:00 UTC', 'run-queue-local']],
  [
    'what a person is asked',
    stateIn('needs-operator', {
      operator: { reason: 'in use', actions: ['Remove it'], attempts: 3, nextRetryAt: at },
    }),
    ['in use', '- Remove it', '`retryDestroy`', at],
  ],
  [
    'until when it is kept, and what can be done',
    stateIn('kept', {
      kept: { untilEpochMs: Date.parse(at), latestEpochMs: Date.parse(at) + 3_600_000, latestBy: 'most' },
    }),
    ['Kept until 2026-11-26 12:00:00 UTC', '`extend`', '13:00:00 UTC at most', '`cancel`'],
  ],
  [
    'what came of it',
    stateIn('closed', {
      outcome: 'completed',
      uploaded: {
        outcome: 'completed',
        resultKey: 'experiments/e-1/run-1/result.json',
        summary: null,
        verdicts: ['met: messages.lost at most 0, measured 0'],
        page: 'http://127.0.0.1:3000/experiments/e-1',
      },
    }),
    [
      'Outcome: completed',
      '- met: messages.lost at most 0',
      '[The result](http://127.0.0.1:3000/experiments/e-1)',
      'comparator report e-1',
      'run-1/result.json',
    ],
  ],
  [
    'what went wrong, and that a cancel was asked for',
    stateIn('destroying', {
      stop: { reason: 'too slow', atEpochMs: 0 },
      failure: { code: 'load-open-failed', phase: 'warming-up', message: 'no topic', diagnostics: [] },
    }),
    ['A cancel was asked for: too slow', '`load-open-failed`', 'no topic'],
  ],
])('the page of a workflow tells %s', (_title, state, parts) => {
  const details = detailsOf(state);
  for (const part of parts) expect(details).toContain(part);
});
