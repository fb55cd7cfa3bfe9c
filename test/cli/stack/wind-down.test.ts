import { expect, test } from '@jest/globals';
import type { OpenWork, OpenWorkClient } from '../../../src/cli/stack/open-work.ts';
import { cancelAllAndWait, describeStillOpen } from '../../../src/cli/stack/wind-down.ts';

const experiment = (id: string, phase: string, comparisonId: string | null = null) => ({
  id,
  phase,
  comparisonId,
});

/** An API that gives one answer after the other, and the last one for ever. */
function fakeClient(answers: (OpenWork | Error)[]): OpenWorkClient & { cancelled: string[] } {
  const cancelled: string[] = [];
  return {
    cancelled,
    async list() {
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (!answer || answer instanceof Error) throw answer;
      return answer;
    },
    async cancel(kind, id) {
      cancelled.push(`${kind}/${id}`);
      return true;
    },
  };
}

function windDown(client: OpenWorkClient, signal = new AbortController().signal, silenceMs = 50) {
  const lines: string[] = [];
  const result = cancelAllAndWait(client, {
    report: (line) => lines.push(line),
    signal,
    pollMs: 1,
    silenceMs,
  });
  return { lines, result };
}

const nothing: OpenWork = { experiments: [], comparisonIds: [] };

test('with nothing open there is nothing to say and nothing to wait for', async () => {
  const client = fakeClient([nothing]);
  const { lines, result } = windDown(client);
  expect(await result).toEqual([]);
  expect([lines, client.cancelled]).toEqual([[], []]);
});

test('many are cancelled at once, though not all of them', async () => {
  const many: OpenWork = {
    experiments: Array.from({ length: 200 }, (_, n) => experiment(`exp-${n}`, 'queued')),
    comparisonIds: [],
  };
  const client = fakeClient([many, nothing]);
  let [now, most] = [0, 0];
  const { cancel } = client;
  client.cancel = async (kind, id) => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
    return cancel(kind, id);
  };
  expect(await windDown(client).result).toEqual([]);
  expect(client.cancelled).toHaveLength(200);
  expect(most).toBeGreaterThan(4);
  expect(most).toBeLessThan(50);
});

test('cancels everything once, a comparison rather than its experiments, and tells each phase', async () => {
  const client = fakeClient([
    { experiments: [experiment('a', 'measuring', 'c'), experiment('b', 'queued')], comparisonIds: ['c'] },
    { experiments: [experiment('a', 'destroying', 'c')], comparisonIds: ['c'] },
    { experiments: [], comparisonIds: ['c'] },
    nothing,
  ]);
  const { lines, result } = windDown(client);
  expect(await result).toEqual([]);
  expect(client.cancelled).toEqual(['comparisons/c', 'experiments/b']);
  expect(lines.slice(1)).toEqual([
    '  a  measuring',
    '  b  queued',
    '  a  destroying',
    '  b  closed',
    '  a  closed',
  ]);
});

test('does not wait for what needs an operator', async () => {
  const stuck = experiment('a', 'needs-operator', 'c');
  const { lines, result } = windDown(fakeClient([{ experiments: [stuck], comparisonIds: ['c'] }]));
  expect(await result).toEqual([stuck]);
  expect(lines).toContain('  a  needs an operator; not waiting for it');
});

test('the second interrupt ends the waiting, and what is alive is told', async () => {
  const second = new AbortController();
  const alive = experiment('a', 'destroying');
  const { result } = windDown(fakeClient([{ experiments: [alive], comparisonIds: [] }]), second.signal);
  setTimeout(() => second.abort(), 20);
  expect(await result).toEqual([alive]);
  expect(describeStillOpen([alive])).toBe('Still alive:\n  a  destroying\nThe next start takes it over.');
});

test('an API that answers late is waited for, one that stays silent is not', async () => {
  const late = windDown(fakeClient([new Error('not yet'), nothing]));
  expect(await late.result).toEqual([]);
  const silent = windDown(fakeClient([new Error('gone')]));
  expect(await silent.result).toBeNull();
  expect(silent.lines).toEqual([
    'The API does not answer, so running experiments cannot be cancelled; stopping without.',
  ]);
  expect(describeStillOpen(null)).toBe('Experiments may still be alive; the next start takes them over.');
});
