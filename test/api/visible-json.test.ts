import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { logText } from '../../src/api/experiments/log-text.ts';
import { readEvents } from '../../src/cli/api/server-events.ts';
import { visibleJson } from '../../src/contracts/input/text/invisible.ts';
import { servedApi } from '../cli/support/served-api.ts';
import {
  acceptedRecord,
  experimentDocument,
  experimentRecord,
  liveStats,
  progress,
} from '../support/documents.ts';

const name = 'kafka\u202e\u2066 fast\u200b';
const raw = /[\u202a-\u202e\u2066-\u2069\u200b]/;

let api: Awaited<ReturnType<typeof servedApi>>;
beforeAll(async () => {
  api = await servedApi();
  const spec = { ...experimentRecord().spec, name };
  await api.records.saveExperiment(experimentRecord({ id: 'exp-0001', name, spec }));
  await api.records.saveExperiment(acceptedRecord({ id: 'exp-0002', name }));
  api.gateway.add('exp-0002', { live: liveStats(), phase: 'measuring' }).progress = progress();
});
afterAll(() => api.close());

test.each(['/api/experiments', '/api/experiments/exp-0001', '/api/report?experiment=exp-0001'])(
  '%s shows the marks in a name, and means them',
  async (path) => {
    const response = await fetch(api.url + path);
    const text = await response.text();
    expect(text).not.toMatch(raw);
    expect(text).toContain('kafka\\u202e\\u2066 fast\\u200b');
    expect(JSON.stringify(JSON.parse(text))).toContain(name);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
  },
);

test('problems show them too', async () => {
  const unknown = await fetch(`${api.url}/api/experiments/${encodeURIComponent('a\u202eb')}`);
  const text = await unknown.text();
  expect([unknown.status, unknown.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  expect(text).toMatch(/a\\u202eb/);
  const invalid = await fetch(`${api.url}/api/experiments`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...experimentDocument, 'a\u202eb': 1 }),
  });
  expect(await invalid.text()).toContain('"pointer":"/a\\u202eb"');
});

test('events show them too', async () => {
  const response = await fetch(`${api.url}/api/experiments/exp-0002/events`);
  if (!response.body) throw new Error('no body');
  for await (const { data } of readEvents(response.body)) {
    expect(data).not.toMatch(raw);
    expect(JSON.parse(data).name).toBe(name);
    break;
  }
});

test('JSON keeps its value, and its own lines', () => {
  const value = { 'a\u2028': ['\u{e0041}', 'b\n\t\u0085', '👩\u200d💻'] };
  const text = visibleJson(JSON.stringify(value, null, 2));
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toContain('\n');
  expect(text).toContain('"\\udb40\\udc41"');
});

test('a log shows them, and keeps its lines', () => {
  const failure = { code: 'x', phase: 'measuring' as const, message: 'a\u202eb\tc', diagnostics: [] };
  const text = logText({ timeline: [], failure, operator: null, refusals: [] }, []);
  expect(text).toBe('\nFailed while measuring (x): a\\u202eb c\n');
});
