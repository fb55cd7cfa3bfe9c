import { expect, test } from '@jest/globals';
import type { ApiClient } from '../../../src/cli/api/api-client.ts';
import { sayHowTheyEnd, sayWhatWasTakenOver } from '../../../src/cli/stack/taken-over.ts';
import { experimentRecord } from '../../support/documents.ts';

/** Answers with one record after the other, and the last one for ever; an error is an API that does not answer. */
function answering(answers: Record<string, (ReturnType<typeof experimentRecord> | Error)[]>) {
  return {
    detail: async (_: string, id: string) => {
      const left = answers[id] ?? [];
      const answer = left.length > 1 ? left.shift() : left[0];
      if (!answer || answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as Pick<ApiClient, 'detail'>;
}

const open = (phase: 'measuring' | 'destroying' | 'needs-operator') =>
  experimentRecord({
    phase,
    outcome: null,
    operator: { reason: 'a lock is held', actions: [], attempts: 1, nextRetryAt: null },
  });

test('what was taken over is told', async () => {
  const lines: string[] = [];
  const experiments = [{ id: 'exp-0001', phase: 'destroying', comparisonId: null }];
  const ids = await sayWhatWasTakenOver({ list: async () => ({ experiments, comparisonIds: [] }) }, (line) =>
    lines.push(line),
  );
  expect(ids).toEqual(['exp-0001']);
  expect(lines).toEqual(['Taken over: experiment exp-0001 goes on, now destroying.']);
});

test('the end of each is told, also across a silence of the API, and need of an operator once', async () => {
  const lines: string[] = [];
  const client = answering({
    'exp-0001': [open('measuring'), new Error('away'), experimentRecord({ outcome: 'cancelled' })],
    'exp-0002': [open('needs-operator'), open('needs-operator'), experimentRecord()],
  });
  await sayHowTheyEnd(client, ['exp-0001', 'exp-0002'], {
    report: (line) => lines.push(line),
    signal: new AbortController().signal,
    pollMs: 1,
  });
  expect(lines.sort()).toEqual([
    'Taken over: experiment exp-0001 has ended: cancelled.',
    'Taken over: experiment exp-0002 has ended: completed.',
    'Taken over: experiment exp-0002 needs an operator: a lock is held',
  ]);
});

test('an interrupt ends it', async () => {
  const stop = new AbortController();
  const watching = sayHowTheyEnd(answering({ a: [open('measuring')] }), ['a'], {
    report: () => {},
    signal: stop.signal,
  });
  stop.abort();
  await watching;
});
