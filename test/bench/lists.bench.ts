/**
 * How long lists take with 10,000 open and 100,000 recorded experiments, on a real S3 (the emulator's) and a Temporal in
 * memory: the first ones of a process that starts, with what another has left and without, then many; beside the way of
 * reading that needs no copy, one call for each item of a page.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keyring } from '../../src/api/access/keyring.ts';
import { createApp } from '../../src/api/app.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import { createObjectStore, createS3Client, type ObjectStore } from '../../src/storage/object-store.ts';
import { FakeGateway } from '../api/support/fake-gateway.ts';
import { startMiniStack, testAwsEnvironment } from '../loadgen/support/servers.ts';
import { endWhenInterrupted } from './interrupted.ts';
import { firstRecordedMs, recordExperiments } from './recorded.ts';
import { publish, quick, table } from './report.ts';

const recordedCount = quick ? 5_000 : 100_000;
const openCount = quick ? 1_000 : 10_000;
const requests = quick ? 100 : 1_000;
const restarts = quick ? 3 : 10;

const firstPage = 'limit=50';
const nothing = 'name=nowhere&limit=50';
const queries = [
  ['the first page', firstPage],
  ['open ones', 'open=true&limit=50'],
  ['a filter that matches one in a thousand', 'name=number%207%20of&limit=50'],
  ['a filter that matches nothing', nothing],
] as const;

interface Api {
  /** How long one list takes, in ms. */
  ask(query: string): Promise<number>;
  stop(): void;
}

/** An API that begins to read as it starts, as the process does. */
function start(store: ObjectStore, gateway: FakeGateway, listsFolder: string): Api {
  const shutdown = new AbortController();
  const log = { info() {}, warn() {}, error() {} };
  const app = createApp({
    gateway,
    store,
    keyring: new Keyring({ keys: [], file: null, log }),
    requestsPerMinute: 1_000_000,
    ui: { url: null, namespace: 'default' },
    newId: () => 'unused',
    now: () => new Date(),
    log,
    shutdown: shutdown.signal,
    readAhead: true,
    listsFolder,
  });
  return {
    async ask(query) {
      const startedAt = performance.now();
      const response = await app.request(`/api/experiments?${query}`);
      await response.text();
      if (response.status !== 200) throw new Error(`${query} answers ${response.status}`);
      return performance.now() - startedAt;
    },
    stop: () => shutdown.abort(),
  };
}

/** 50th and 99th percentile and the longest, in ms. */
function figures(times: number[]): string[] {
  const sorted = times.toSorted((a, b) => a - b);
  return [0.5, 0.99, 1].map((share) =>
    (sorted[Math.floor(share * (sorted.length - 1))] as number).toFixed(1),
  );
}

async function times(count: number, ask: () => Promise<number>): Promise<number[]> {
  const all: number[] = [];
  while (all.length < count) all.push(await ask());
  return all;
}

async function measure(store: ObjectStore, gateway: FakeGateway, folder: string): Promise<string[][]> {
  const rows: string[][] = [];
  const [kept, none] = [join(folder, 'kept'), join(folder, 'none')];
  const first = start(store, gateway, kept);
  rows.push(['first page, where nothing was read before', ...figures([await first.ask(firstPage)])]);
  rows.push(['then a filter that matches nothing', ...figures([await first.ask(nothing)])]);
  for (const [what, query] of queries) {
    rows.push([what, ...figures(await times(requests, () => first.ask(query)))]);
  }
  const restarted: Record<string, number[]> = {};
  for (let count = 0; count < restarts; count++) {
    for (const [what, query] of queries) {
      const left = join(folder, `left-${count}-${query.length}`);
      cpSync(kept, left, { recursive: true });
      const next = start(store, gateway, left);
      restarted[what] = [...(restarted[what] ?? []), await next.ask(query)];
      const followed = `${what}, 20 more at once`;
      restarted[followed] = [...(restarted[followed] ?? []), ...(await times(20, () => next.ask(query)))];
      next.stop();
    }
  }
  for (const [what, ms] of Object.entries(restarted)) rows.push([`after a restart: ${what}`, ...figures(ms)]);
  const stranger = start(store, gateway, none);
  rows.push(['in a home that has read nothing: the first page', ...figures([await stranger.ask(firstPage)])]);
  rows.push(['then a filter that matches nothing', ...figures([await stranger.ask(nothing)])]);
  for (const one of [first, stranger]) one.stop();
  return rows;
}

async function peer(store: ObjectStore): Promise<string[]> {
  const folder = s3Keys.indexFolder('experiments');
  const keys = (await store.list(folder, { limit: 51 })).slice(0, 50);
  const read = async () => {
    const startedAt = performance.now();
    await store.list(folder, { limit: 51 });
    for (const key of keys) await store.getJson(key);
    return performance.now() - startedAt;
  };
  return [
    'for comparison: the first page, each item read',
    ...figures(await times(Math.min(requests, 200), read)),
  ];
}

Object.assign(process.env, testAwsEnvironment);
const server = await startMiniStack();
endWhenInterrupted(() => server.stop());
const folder = mkdtempSync(join(tmpdir(), 'comparator-lists-bench-'));
try {
  const client = createS3Client({ region: 'us-east-1', endpointUrl: server.url });
  const store = createObjectStore(client, 'lists-bench');
  await store.ensureBucket();
  await recordExperiments(store, recordedCount);
  const gateway = new FakeGateway();
  for (let n = 0; n < openCount; n++) {
    gateway.add(`open-${n}`, { startedAt: new Date(firstRecordedMs + (recordedCount + n) * 1_000) });
  }
  const rows = [...(await measure(store, gateway, folder)), await peer(store)];
  publish('lists', {
    title: 'Lists',
    conditions: `${openCount.toLocaleString('en')} open and ${recordedCount.toLocaleString('en')} recorded experiments; S3 of the emulator, a Temporal in memory, no HTTP; ${requests.toLocaleString('en')} requests of a kind, one after another, and ${restarts} restarts for each kind, timed from the start on, while storage is read beside.`,
    sections: [table(['list', 'p50 ms', 'p99 ms', 'longest ms'], rows)],
  });
  client.destroy();
} finally {
  rmSync(folder, { recursive: true });
  await server.stop();
}
