/**
 * How long lists take with 10,000 open and 100,000 recorded experiments, on a real S3 (the emulator's) and a Temporal in
 * memory, beside the way of reading that needs no copy: one call for each item of a page.
 */
import { createApp } from '../../src/api/app.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import { createObjectStore, createS3Client, type ObjectStore } from '../../src/storage/object-store.ts';
import { createRecords } from '../../src/storage/records.ts';
import { FakeGateway } from '../api/support/fake-gateway.ts';
import { startMiniStack, testAwsEnvironment } from '../loadgen/support/servers.ts';
import { experimentRecord } from '../support/documents.ts';
import { publish, quick, table } from './report.ts';

const recordedCount = quick ? 5_000 : 100_000;
const openCount = quick ? 1_000 : 10_000;
const requests = quick ? 100 : 1_000;
const startMs = Date.UTC(2026, 0, 1);

const queries = [
  ['the first page', 'limit=50'],
  ['open ones', 'open=true&limit=50'],
  ['a filter that matches one in a thousand', 'name=number%207%20of&limit=50'],
  ['a filter that matches nothing', 'name=nowhere&limit=50'],
] as const;

function api(store: ObjectStore, gateway: FakeGateway) {
  const app = createApp({
    gateway,
    store,
    apiKeys: [],
    ui: { url: null, namespace: 'default' },
    newId: () => 'unused',
    now: () => new Date(),
    log: { info() {}, warn() {}, error() {} },
  });
  return async (query: string) => {
    const startedAt = performance.now();
    const response = await app.request(`/api/experiments?${query}`);
    await response.text();
    if (response.status !== 200) throw new Error(`${query} answers ${response.status}`);
    return performance.now() - startedAt;
  };
}

async function fill(store: ObjectStore): Promise<void> {
  let next = 0;
  const one = async () => {
    for (let n = next++; n < recordedCount; n = next++) {
      const submittedAt = new Date(startMs + n * 1_000);
      const id = `exp-${String(n).padStart(6, '0')}`;
      const name = `number ${n % 1_000} of a thousand`;
      const { spec: _spec, ...summary } = experimentRecord({
        id,
        name,
        submittedAt: submittedAt.toISOString(),
      });
      await store.putJson(s3Keys.index('experiments', submittedAt, id), summary);
    }
  };
  await Promise.all(Array.from({ length: 16 }, one));
}

/** 50th and 99th percentile, in ms. */
function figures(times: number[]): string[] {
  const sorted = times.toSorted((a, b) => a - b);
  return [0.5, 0.99].map((share) => (sorted[Math.floor(share * (sorted.length - 1))] as number).toFixed(1));
}

async function times(count: number, ask: () => Promise<number>): Promise<number[]> {
  const all: number[] = [];
  while (all.length < count) all.push(await ask());
  return all;
}

Object.assign(process.env, testAwsEnvironment);
const server = await startMiniStack();
try {
  const client = createS3Client({ region: 'us-east-1', endpointUrl: server.url });
  const store = createObjectStore(client, 'lists-bench');
  await store.ensureBucket();
  await fill(store);
  const gateway = new FakeGateway();
  for (let n = 0; n < openCount; n++) {
    gateway.add(`open-${n}`, { startedAt: new Date(startMs + (recordedCount + n) * 1_000) });
  }
  const firstEver = await api(store, gateway)('limit=50');
  const ask = api(store, gateway);
  const afterRestart = await ask('limit=50');
  const rows: string[][] = [];
  for (const [what, query] of queries) {
    rows.push([what, ...figures(await times(requests, () => ask(query)))]);
  }
  const keys = (await store.list(s3Keys.indexFolder('experiments'), { limit: 51 })).slice(0, 50);
  const peer = await times(Math.min(requests, 200), async () => {
    const startedAt = performance.now();
    await store.list(s3Keys.indexFolder('experiments'), { limit: 51 });
    for (const key of keys) await store.getJson(key);
    return performance.now() - startedAt;
  });
  rows.push(['for comparison: the first page, each item read', ...figures(peer)]);
  const records = createRecords(store);
  const readingStartedAt = performance.now();
  await records.allExperiments();
  const readingMs = performance.now() - readingStartedAt;
  publish('lists', {
    title: 'Lists',
    conditions: `${openCount.toLocaleString('en')} open and ${recordedCount.toLocaleString('en')} recorded experiments; S3 of the emulator, a Temporal in memory, no HTTP; ${requests.toLocaleString('en')} requests of a kind, one after another.`,
    sections: [
      table(['list', 'p50 ms', 'p99 ms'], rows),
      `The first list after a start waits for the whole to be read: ${Math.round(firstEver).toLocaleString('en')} ms in a bucket that nothing has read before, ${Math.round(afterRestart).toLocaleString('en')} ms in one that has its copy of the index (of that, listing and reading ${Math.round(readingMs).toLocaleString('en')} ms). The process reads it as it starts, before anybody asks.`,
    ],
  });
  client.destroy();
} finally {
  await server.stop();
}
