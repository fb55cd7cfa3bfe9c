import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { SharedPoller } from '../../../src/api/http/shared-poller.ts';
import { readEvents } from '../../../src/cli/api/server-events.ts';
import { servedApi } from '../../cli/support/served-api.ts';
import {
  acceptedRecord,
  comparisonRecord,
  experimentRecord,
  liveStats,
  progress,
} from '../../support/documents.ts';
import { until } from '../../support/until.ts';
import { testApi } from '../support/test-api.ts';

function eventsOf(response: Response) {
  if (!response.body) throw new Error('no body');
  return readEvents(response.body);
}

test('sends progress until the experiment is closed, then closed, and ends', async () => {
  const { get, gateway, records } = testApi();
  await records.saveExperiment(acceptedRecord());
  const workflow = gateway.add('exp-0001', { live: liveStats() });
  workflow.progress = progress();
  const response = await get('/api/experiments/exp-0001/events');
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const events: { event: string; phase: string }[] = [];
  for await (const { event, data } of eventsOf(response)) {
    const detail = JSON.parse(data);
    events.push({ event, phase: detail.phase });
    if (events.length === 3) {
      expect(detail.progress).toEqual(liveStats());
      await records.saveExperiment(experimentRecord());
      workflow.view = { ...workflow.view, status: 'completed', live: null };
    }
  }
  expect(events.slice(0, 3)).toEqual(Array(3).fill({ event: 'progress', phase: 'measuring' }));
  expect(events.slice(-2)).toEqual([
    { event: 'progress', phase: 'closed' },
    { event: 'closed', phase: 'closed' },
  ]);
});

test('events are numbered, on from where a client left off', async () => {
  const { get, gateway } = testApi();
  gateway.add('exp-0001').progress = progress();
  const firstIds = async (headers: Record<string, string>) => {
    const response = await get('/api/experiments/exp-0001/events', headers);
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.match(/\n\n/g)?.length === 3) break;
    }
    return [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id);
  };
  expect(await firstIds({})).toEqual(['1', '2', '3']);
  expect(await firstIds({ 'Last-Event-ID': '41' })).toEqual(['42', '43', '44']);
  expect(await firstIds({ 'Last-Event-ID': 'nonsense' })).toEqual(['1', '2', '3']);
});

test('the spec is sent first and last, and between only where it has become another', async () => {
  const { get, gateway, records } = testApi();
  const workflow = gateway.add('exp-0001');
  workflow.progress = progress();
  const specs: unknown[] = [];
  for await (const { event, data } of eventsOf(await get('/api/experiments/exp-0001/events'))) {
    const { spec, phase } = JSON.parse(data);
    if (specs.length === 0 || spec !== undefined || event === 'closed')
      specs.push([event, phase, spec?.name ?? spec]);
    if (specs.length === 1) await records.saveExperiment(acceptedRecord());
    if (specs.length === 2 && workflow.view.status === 'running') {
      await records.saveExperiment(experimentRecord());
      workflow.view = { ...workflow.view, status: 'completed', live: null };
    }
  }
  expect(specs).toEqual([
    ['progress', 'measuring', null],
    ['progress', 'measuring', 'kafka, acks all'],
    ['closed', 'closed', 'kafka, acks all'],
  ]);
});

test('a closed one is told at once', async () => {
  const { get, records } = testApi();
  await records.saveComparison(comparisonRecord());
  const events: string[] = [];
  for await (const { event } of eventsOf(await get('/api/comparisons/cmp-0001/events'))) events.push(event);
  expect(events).toEqual(['progress', 'closed']);
});

test('an unknown one is 404, not a stream', async () => {
  const { get } = testApi();
  expect((await get('/api/experiments/exp-9999/events')).status).toBe(404);
  expect((await get('/api/comparisons/exp-9999/events')).status).toBe(404);
});

test('comments keep the stream alive while nothing can be read', async () => {
  const { get, gateway, store } = testApi();
  gateway.add('exp-0001').progress = progress();
  const response = await get('/api/experiments/exp-0001/events');
  gateway.describe = () => Promise.reject(new Error('broken'));
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk);
    if (text.includes(': no news; still here\n\n')) break;
  }
  expect(store.objects.size).toBe(0);
});

test('a shutdown ends the streams', async () => {
  const { get, gateway, stop } = testApi();
  gateway.add('exp-0001').progress = progress();
  const seen: string[] = [];
  for await (const { event } of eventsOf(await get('/api/experiments/exp-0001/events'))) {
    seen.push(event);
    stop.abort();
  }
  expect(new Set(seen)).toEqual(new Set(['progress']));
});

test('beyond its places it is 503, says when to try again, and a client that goes away frees its own', async () => {
  const api = await servedApi({ eventStreams: { places: 2 } });
  try {
    api.gateway.add('exp-0001').progress = progress();
    const ask = (signal?: AbortSignal, method = 'GET') =>
      fetch(`${api.url}/api/experiments/exp-0001/events`, { method, ...(signal ? { signal } : {}) });
    // Whoever wants to know what he would get takes no place.
    for (let n = 0; n < 5; n++) expect((await ask(undefined, 'HEAD')).status).toBe(200);
    const clients = [new AbortController(), new AbortController()];
    for (const { signal } of clients) expect((await ask(signal)).status).toBe(200);
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(await refused.json()).toMatchObject({
      status: 503,
      detail: expect.stringContaining('2 event streams'),
    });
    expect((await fetch(`${api.url}/api/experiments/exp-0001`)).status).toBe(200);
    clients[0]?.abort();
    const next = new AbortController();
    await until('a place to be free', async () => (await ask(next.signal)).status === 200);
    expect((await ask()).status).toBe(503);
    for (const client of [...clients, next]) client.abort();
  } finally {
    await api.close();
  }
});

test('a client that takes nothing of what it is sent loses its place', async () => {
  const { get, gateway } = testApi({ eventStreams: { places: 1, stalledAfterMs: 50 } });
  gateway.add('exp-0001').progress = progress();
  const path = '/api/experiments/exp-0001/events';
  const stalled = await get(path);
  expect(stalled.status).toBe(200);
  await until('its place to be free', async () => (await get(path)).status === 200);
});

test('two thousand connections that say nothing keep nobody from a list', async () => {
  const api = await servedApi();
  const sockets: Socket[] = [];
  try {
    await api.records.saveExperiment(experimentRecord());
    const { port } = new URL(api.url);
    for (let n = 0; n < 2_000; n++) {
      const socket = connect(Number(port), '127.0.0.1');
      sockets.push(socket);
      await once(socket, 'connect');
      // Half of them begin a request that they never end.
      if (n % 2 === 0) socket.write('GET /api/experiments HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    }
    const response = await fetch(`${api.url}/api/experiments`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ items: [{ id: 'exp-0001' }] });
  } finally {
    for (const socket of sockets) socket.destroy();
    await api.close();
  }
}, 60_000);

test('polling ends with the last client', async () => {
  const { get, gateway } = testApi();
  gateway.add('exp-0001').progress = progress();
  for await (const _ of eventsOf(await get('/api/experiments/exp-0001/events'))) break;
  let last = -1;
  // Ten poll intervals lie between two looks.
  await until(
    'the count of polls to stand still',
    () => {
      const isStill = gateway.describes === last;
      last = gateway.describes;
      return isStill;
    },
    { everyMs: 100 },
  );
});

test('one poll is shared by all who listen', async () => {
  let polls = 0;
  const poller = new SharedPoller<number>({
    intervalMs: 5,
    poll: async () => ++polls,
    isClosed: (value) => value >= 5,
  });
  const heard = await Promise.all(
    [1, 2, 3].map(
      () =>
        new Promise<number[]>((resolve) => {
          const values: number[] = [];
          poller.listen('key', (event) => {
            if (event.kind !== 'silence') values.push(event.value);
            if (event.kind === 'closed') resolve(values);
          });
        }),
    ),
  );
  expect(heard).toEqual(Array(3).fill([1, 2, 3, 4, 5]));
  expect(polls).toBe(5);
  expect(poller.active).toBe(0);
});
