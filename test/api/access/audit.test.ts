import { expect, test } from '@jest/globals';
import { AuditTrail } from '../../../src/api/access/audit.ts';
import { experimentDocument, experimentRecord } from '../../support/documents.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { testApi } from '../support/test-api.ts';

const key = 'open-sesame';
const headers = { Authorization: `Bearer ${key}` };

test('every change is noted with who, what, of what, and how it went', async () => {
  const { post, app, gateway, records, audited } = testApi({ apiKeys: [key] });
  await records.saveExperiment(experimentRecord({ id: 'exp-old' }));
  await post('/api/experiments', experimentDocument, headers);
  await post('/api/experiments/exp-0001/extend', { minutes: 5 }, headers);
  await post('/api/experiments/exp-0001/cancel', { reason: 'why not' }, headers);
  await post('/api/experiments/exp-none/cancel', {}, headers);
  await app.request('/api/experiments/exp-old', { method: 'DELETE', headers });
  gateway.away = true;
  await post('/api/reap', undefined, headers);
  const noted = { at: '2026-11-24T13:00:00.000Z', who: 'key-1' };
  expect(audited).toEqual([
    { ...noted, what: 'POST /api/experiments', id: 'exp-0001', outcome: 'accepted', status: 202 },
    // Nothing is kept.
    { ...noted, what: 'POST /api/experiments/{id}/extend', id: 'exp-0001', outcome: 'refused', status: 409 },
    { ...noted, what: 'POST /api/experiments/{id}/cancel', id: 'exp-0001', outcome: 'accepted', status: 202 },
    { ...noted, what: 'POST /api/experiments/{id}/cancel', id: 'exp-none', outcome: 'refused', status: 404 },
    { ...noted, what: 'DELETE /api/experiments/{id}', id: 'exp-old', outcome: 'accepted', status: 204 },
    { ...noted, what: 'POST /api/reap', id: null, outcome: 'unknown', status: 503 },
  ]);
});

test('what only looks, only tries, or comes from nobody is no change', async () => {
  const { get, post, audited } = testApi({ apiKeys: [key] });
  await get('/api/experiments', headers);
  await post('/api/experiments?dryRun=true', experimentDocument, headers);
  await post('/api/reap?dryRun=true', undefined, headers);
  await post('/api/experiments', experimentDocument, { Authorization: 'Bearer guessed' });
  await post('/api/nothing', {}, headers);
  expect(audited).toEqual([]);
});

test('without keys a change is noted, and that nobody was asked who it is', async () => {
  const { post, audited } = testApi();
  await post('/api/experiments', experimentDocument);
  expect(audited).toMatchObject([{ who: null, what: 'POST /api/experiments', id: 'exp-0001' }]);
});

const line = (id: string) => ({
  at: '2026-11-24T13:00:00.000Z',
  who: 'ci',
  what: 'POST /api/experiments',
  id,
  outcome: 'accepted' as const,
  status: 202,
});

test('lines lie in the bucket, many an object, and what S3 did not take comes with the next', async () => {
  const store = memoryStore();
  const put = store.put.bind(store);
  let away = true;
  store.put = (storeKey, body) => (away ? Promise.reject(new Error('away')) : put(storeKey, body));
  const errors: string[] = [];
  const log = { info() {}, warn() {}, error: (_: object, message: string) => void errors.push(message) };
  const trail = new AuditTrail({ store, log, newId: () => 'one' });
  trail.note(line('exp-0001'));
  await trail.flush();
  expect(errors).toEqual(['the audit trail cannot be written to S3; the log has it']);
  away = false;
  trail.note(line('exp-0002'));
  await trail.flush();
  await trail.flush();
  expect([...store.objects.keys()]).toEqual(['audit/2026-11-24/20261124T130000000Z-one.ndjson']);
  const text = [...store.objects.values()].join('');
  expect(
    text
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one)),
  ).toEqual([line('exp-0001'), line('exp-0002')]);
});

test('who submitted and who cancelled goes to Temporal, and no key does', async () => {
  const { post, get, gateway } = testApi({ apiKeys: [key] });
  await post('/api/experiments', experimentDocument, headers);
  await post('/api/experiments/exp-0001/cancel', { reason: 'why not' }, headers);
  expect(gateway.starts[0]?.input).toMatchObject({ submittedBy: 'key-1' });
  expect(gateway.signals).toEqual([{ id: 'exp-0001', reason: 'why not', by: 'key-1' }]);
  expect(JSON.stringify([gateway.starts, gateway.signals])).not.toContain(key);
  // Before its workflow has written a record, too.
  expect(await (await get('/api/experiments/exp-0001', headers)).json()).toMatchObject({
    submittedBy: 'key-1',
  });
});
