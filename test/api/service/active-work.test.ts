import { expect, test } from '@jest/globals';
import { activeFigures } from '../../../src/api/service/active-work.ts';
import type { ExperimentDetail } from '../../../src/contracts/documents/api.ts';
import { experimentRecord, progress } from '../../support/documents.ts';
import { testApi } from '../support/test-api.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 12, minute)).toISOString();

function detail(given: Partial<ExperimentDetail>): ExperimentDetail {
  const { hasResult: _, ...record } = experimentRecord({ ...progress(), phase: 'measuring' });
  return {
    ...record,
    progress: null,
    terraform: null,
    waiting: null,
    waits: [],
    links: {} as never,
    ...given,
  };
}

const timeline = (...phases: [ExperimentDetail['phase'], number][]) =>
  phases.map(([phase, minute]) => ({ phase, startedAt: at(minute), endedAt: null }));

test('nothing beyond the queue is nothing to look at', () => {
  expect(activeFigures([], new Date(at(0)))).toEqual({
    needsOperatorSeconds: 0,
    overdue: 0,
    overdueSeconds: 0,
    rates: { intended: 0, produced: 0, consumed: 0 },
  });
});

test('who waits for a person is told by the one that has waited longest', () => {
  const waits = [10, 4, 7].map((minute) =>
    detail({ phase: 'needs-operator', timeline: timeline(['provisioning', 0], ['needs-operator', minute]) }),
  );
  expect(activeFigures(waits, new Date(at(12))).needsOperatorSeconds).toBe(8 * 60);
});

test('past its time is who left the queue more than twice its time and an hour ago, however long it waited there', () => {
  const running = detail({ timeline: timeline(['queued', -600], ['provisioning', 0]) });
  const figures = (minute: number) => activeFigures([running], new Date(at(minute)));
  expect(figures(59)).toMatchObject({ overdue: 0, overdueSeconds: 0 });
  const late = figures(200);
  expect(late.overdue).toBe(1);
  // Its load takes seconds; all but the hour is beyond.
  expect(late.overdueSeconds).toBeGreaterThan(120 * 60);
  expect(late.overdueSeconds).toBeLessThan(140 * 60);
  const closed = detail({ phase: 'closed', timeline: timeline(['provisioning', 0], ['closed', 2]) });
  expect(activeFigures([closed], new Date(at(200))).overdue).toBe(0);
});

test('what is kept to look inside is not past its time, however long that is', () => {
  const kept = { phase: 'kept' as const, startedAt: at(2), endedAt: null };
  const begun = timeline(['provisioning', 0]);
  const now = new Date(at(1_400));
  expect(activeFigures([detail({ phase: 'kept', timeline: [...begun, kept] })], now).overdue).toBe(0);
  const ended = [...begun, { ...kept, endedAt: at(1_300) }, ...timeline(['destroying', 1_300])];
  expect(activeFigures([detail({ phase: 'destroying', timeline: ended })], now).overdue).toBe(1);
});

test('without an answer of Temporal no figure says that all is well', async () => {
  const { get, gateway } = testApi();
  gateway.away = true;
  const text = await (await get('/metrics')).text();
  expect(text).not.toMatch(
    /^comparator_(needs_operator_seconds|experiments_overdue|experiments_open|queue_waiting)\b.* \d/m,
  );
});
