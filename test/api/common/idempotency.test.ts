import { expect, test } from '@jest/globals';
import { endlessRoom } from '../../../src/analysis/plan/room.ts';
import { canonicalJson } from '../../../src/api/common/idempotency.ts';
import { comparisonDocument, experimentDocument, experimentRecord } from '../../support/documents.ts';
import { testApi } from '../support/test-api.ts';

const key = { 'Idempotency-Key': 'order-66' };

test('the same key and body give the same id, and one experiment', async () => {
  const { post, gateway } = testApi();
  const first = await post('/api/experiments', experimentDocument, key);
  const second = await post('/api/experiments', experimentDocument, key);
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(await second.json()).toEqual(await first.json());
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect(gateway.starts).toHaveLength(1);
});

test('the same document written another way is the same body', async () => {
  const { post, gateway } = testApi();
  const { name, ...rest } = experimentDocument;
  const ids = [
    await post('/api/experiments', experimentDocument, key),
    await post('/api/experiments', JSON.stringify({ ...rest, name }, null, 4), key),
  ].map(async (response) => (await response.json()).id);
  expect(new Set(await Promise.all(ids)).size).toBe(1);
  expect(gateway.starts).toHaveLength(1);
});

test('another body under the same key is a conflict', async () => {
  const { post, gateway } = testApi();
  await post('/api/experiments', experimentDocument, key);
  const response = await post('/api/experiments', { ...experimentDocument, name: 'another' }, key);
  expect(response.status).toBe(409);
  expect((await response.json()).detail).toBe(
    'The Idempotency-Key was already used with another body, for exp-0001; use a new key for a new experiment.',
  );
  expect(gateway.starts).toHaveLength(1);
});

test('of 50 at once, all get the id of the one experiment', async () => {
  const { post, gateway } = testApi();
  const responses = await Promise.all(
    Array.from({ length: 50 }, () => post('/api/experiments', experimentDocument, key)),
  );
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([202]));
  const ids = await Promise.all(responses.map(async (response) => (await response.json()).id));
  expect(new Set(ids).size).toBe(1);
  expect(gateway.starts).toHaveLength(1);
  expect(gateway.starts[0]?.id).toBe(ids[0]);
});

test('a start that failed between binding the key and starting is repaired by the next call', async () => {
  const { post, gateway } = testApi();
  gateway.away = true;
  expect((await post('/api/experiments', experimentDocument, key)).status).toBe(503);
  expect(gateway.starts).toHaveLength(0);
  gateway.away = false;
  const response = await post('/api/experiments', experimentDocument, key);
  expect(response.status).toBe(202);
  expect((await response.json()).id).toBe('exp-0001');
  expect(gateway.starts.map(({ id }) => id)).toEqual(['exp-0001']);
});

test('a closed experiment that Temporal has forgotten is not started again', async () => {
  const { post, gateway, records } = testApi();
  await post('/api/experiments', experimentDocument, key);
  await records.saveExperiment(experimentRecord());
  gateway.workflows.clear();
  expect((await post('/api/experiments', experimentDocument, key)).status).toBe(202);
  expect(gateway.starts).toHaveLength(1);
});

test('nor is one whose binding was left unfinished, when its record is there', async () => {
  const { post, gateway, records } = testApi();
  gateway.away = true;
  await post('/api/experiments', experimentDocument, key);
  gateway.away = false;
  await records.saveExperiment(experimentRecord());
  const response = await post('/api/experiments', experimentDocument, key);
  expect((await response.json()).id).toBe('exp-0001');
  expect(gateway.starts).toHaveLength(0);
});

test('an experiment and a comparison do not share keys', async () => {
  const { post, gateway } = testApi();
  await post('/api/experiments', experimentDocument, key);
  expect((await post('/api/comparisons', comparisonDocument, key)).status).toBe(202);
  expect(gateway.starts.map(({ kind }) => kind)).toEqual(['experiment', 'comparison']);
});

test('invalid input does not use a key up', async () => {
  const { post } = testApi();
  expect((await post('/api/experiments', { name: 'x' }, key)).status).toBe(422);
  expect((await post('/api/experiments', experimentDocument, key)).status).toBe(202);
});

test('nor does what this machine has no room for', async () => {
  const { post } = testApi({ room: { ...endlessRoom, memoryBytes: 1 } });
  expect((await post('/api/experiments', experimentDocument, key)).status).toBe(422);
  const corrected = await post('/api/experiments', { ...experimentDocument, name: 'corrected' }, key);
  // For its room again, and not for its key.
  expect(corrected.status).toBe(422);
});

test('without a key each call starts one', async () => {
  const { post, gateway } = testApi();
  await post('/api/experiments', experimentDocument);
  await post('/api/experiments', experimentDocument);
  expect(gateway.starts.map(({ id }) => id)).toEqual(['exp-0001', 'exp-0002']);
});

test('a key must be of a sensible length', async () => {
  const { post } = testApi();
  const response = await post('/api/experiments', experimentDocument, { 'Idempotency-Key': 'x'.repeat(256) });
  expect(response.status).toBe(400);
});

test('canonical JSON sorts keys at every depth and leaves lists alone', () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }, 1], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1},1]}');
});
