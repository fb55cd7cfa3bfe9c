import { expect, test } from '@jest/globals';
import { NoApiError } from '../../src/cli/api/api-connection.ts';
import { orphanLine } from '../../src/cli/commands/list.ts';
import { waitingLines } from '../../src/cli/progress/progress-lines.ts';
import {
  askRunningService,
  isInTrouble,
  type RunningService,
  serviceLines,
} from '../../src/cli/running-service.ts';
import type { OrphanAnswer } from '../../src/contracts/documents/api.ts';
import type { Wait } from '../../src/contracts/documents/progress.ts';

const now = new Date('2026-11-27T12:10:00.000Z');
const since = '2026-11-27T12:00:00.000Z';
const wait: Wait = {
  kind: 'activity',
  for: 'terraform apply',
  reason: 'EACCES: permission denied',
  since,
  attempt: 3,
  nextAttemptAt: '2026-11-27T12:10:30.000Z',
  hint: 'Look at the log of the worker.',
};
const orphan = (experimentId: string): OrphanAnswer => ({
  experimentId,
  found: [{ kind: 'stream', name: `cmp-1-${experimentId}`, description: 'Kinesis stream, ACTIVE' }],
  reason: 'the stream is in use',
  since,
  nextTryAt: '2026-11-27T12:11:00.000Z',
});
const fine: RunningService = { url: 'http://127.0.0.1:3000', problem: null, waiting: [], orphans: [] };

test('a wait says what for, for how long, which try, when the next, why, and what to do', () => {
  const [line, hint, ...more] = waitingLines([wait], now);
  expect(line).toMatch(
    /^ {2}waits: terraform apply \(for 10 min, try 3, the next in 30 s\): EACCES: permission denied$/,
  );
  expect([hint, more]).toEqual(['    Look at the log of the worker.', []]);
});

test('of a wait only what is known is said, and a next try that is due is not put into the past', () => {
  const bare = { ...wait, attempt: 1, nextAttemptAt: null, hint: null };
  expect(waitingLines([bare], now)).toEqual([expect.stringMatching(/apply \(for [^,]+\): EACCES/)]);
  const [due] = waitingLines([{ ...wait, nextAttemptAt: since }], now);
  expect(due).toMatch(/the next in 0 ?\w+\)/);
});

test('where no comparator runs, and where all is well, a line says so', () => {
  expect(serviceLines(null, now)).toEqual([expect.stringContaining('No comparator runs here')]);
  expect(serviceLines(fine, now)).toEqual(['ok       service       http://127.0.0.1:3000']);
  expect(isInTrouble(fine)).toBe(false);
});

test('what waits and what is left stand below the service, harmless', () => {
  const open = { id: 'exp-1', type: 'experiment', name: 'mine\u001b[2J', waiting: wait, waits: [wait] };
  const service = { ...fine, waiting: [open], orphans: [orphan('left-1')] };
  const lines = serviceLines(service, now);
  expect(lines[0]).toMatch(/^WRONG +service/);
  expect(lines[1]).toContain('  experiment exp-1  mine');
  expect(lines.join()).not.toContain('\u001b');
  expect(lines[2]).toMatch(/^ {4}waits: terraform apply/);
  expect(lines.slice(4)).toEqual([
    `  left of left-1 since ${since}: the stream is in use (tried again at 2026-11-27T12:11:00.000Z)`,
    '    stream cmp-1-left-1: Kinesis stream, ACTIVE',
  ]);
});

test('what only waits is no trouble; a workflow whose code fails, and a service that does not answer, are', () => {
  const open = (kind: Wait['kind']) => ({
    ...fine,
    waiting: [{ id: 'exp-1', type: 'experiment', name: null, waiting: wait, waits: [{ ...wait, kind }] }],
  });
  expect(isInTrouble(open(wait.kind))).toBe(false);
  expect(isInTrouble(open('workflow-task'))).toBe(true);
  expect(serviceLines({ ...fine, problem: 'it answered 503' }, now)).toEqual([
    'WRONG    service       http://127.0.0.1:3000: it answered 503',
  ]);
});

test('a comparator that is not there is told from one that does not answer', async () => {
  const client = (error: Error) =>
    ({ url: fine.url, waiting: () => Promise.reject(error), orphans: async () => ({ items: [] }) }) as never;
  expect(await askRunningService(client(Object.assign(Object.create(NoApiError.prototype))))).toBeNull();
  expect(await askRunningService(client(new Error('it answered 503')))).toMatchObject({
    problem: 'it answered 503',
  });
});

test('a list begins with what is left, three by name; an API that does not say keeps no list', async () => {
  const line = (ids: string[]) => orphanLine({ orphans: async () => ({ items: ids.map(orphan) }) } as never);
  expect(await line([])).toBeNull();
  expect(await line(['one-1', 'two-1'])).toContain('left of one-1, two-1 that the reaper could not destroy');
  expect(await line(['one-1', 'two-1', 'three-1', 'four-1', 'five-1'])).toContain('three-1 and 2 more');
  expect(await orphanLine({ orphans: () => Promise.reject(new Error('404')) } as never)).toBeNull();
});
