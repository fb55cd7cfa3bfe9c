import { endlessRoom, type Room } from '../../../src/analysis/plan/room.ts';
import type { AuditLine } from '../../../src/api/access/audit.ts';
import { Keyring } from '../../../src/api/access/keyring.ts';
import { type AppDependencies, createApp, routeContext } from '../../../src/api/app.ts';
import type { Logger } from '../../../src/api/http/logger.ts';
import { createRecords } from '../../../src/storage/records.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { FakeGateway } from './fake-gateway.ts';

/** What tests read of JSON answers of any kind. */
export interface Answer {
  id: string;
  detail: string;
  errors: unknown;
  items: { id: string; ceilingInWords: string; ceiling: unknown; settingsSchema: { required?: unknown } }[];
  nextCursor: string | null;
  columns: unknown[];
  notes: string[];
  variants: unknown;
  progress: unknown;
  links: Record<string, string | null>;
}

export interface TestResponse extends Response {
  json(): Promise<Answer>;
}

export interface TestApiOptions {
  apiKeys?: string[];
  /** A file of keys. */
  keysFile?: string;
  requestsPerMinute?: number;
  eventIntervalMs?: number;
  eventStreams?: AppDependencies['eventStreams'];
  room?: Room;
  /** What may be used of AWS; without, nothing. */
  cloud?: AppDependencies['cloud'];
  listsFolder?: string;
  /** For how long an answer of Temporal is good for lists. */
  changesMs?: number;
  /** The built page; without, there is none. */
  page?: AppDependencies['page'];
  /** The one whose Temporal and bucket it is over, as another process would be. */
  over?: { gateway: FakeGateway; store: ReturnType<typeof memoryStore> };
}

/** An app over fakes, with ids that count up. */
export function testApi({
  apiKeys = [],
  keysFile,
  requestsPerMinute = 1_000_000,
  eventIntervalMs = 10,
  eventStreams,
  room = endlessRoom,
  cloud,
  listsFolder,
  changesMs = 0,
  page,
  over,
}: TestApiOptions = {}) {
  const { gateway, store } = over ?? { gateway: new FakeGateway(), store: memoryStore() };
  const errors: unknown[] = [];
  const audited: AuditLine[] = [];
  const log: Logger = {
    info: (fields) => void ('audit' in fields && audited.push(fields.audit as AuditLine)),
    warn() {},
    error: (fields) => errors.push(fields),
  };
  const stop = new AbortController();
  let count = 0;
  const deps: AppDependencies = {
    gateway,
    store,
    keyring: new Keyring({ keys: apiKeys, file: keysFile ?? null, log }),
    requestsPerMinute,
    ui: { url: 'http://127.0.0.1:8233', namespace: 'default' },
    newId: () => `exp-${String(++count).padStart(4, '0')}`,
    now: () => new Date('2026-11-24T13:00:00.000Z'),
    log,
    shutdown: stop.signal,
    eventIntervalMs,
    room: () => room,
    listAges: { changesMs, wholeMs: 3_600_000 },
    ...(cloud === undefined ? {} : { cloud }),
    ...(page === undefined ? {} : { page }),
    ...(eventStreams === undefined ? {} : { eventStreams }),
    ...(listsFolder === undefined ? {} : { listsFolder }),
  };
  const app = createApp(deps);
  return {
    app,
    /** What routes of another process over the same servers would work with. */
    context: routeContext(deps),
    gateway,
    store,
    records: createRecords(store),
    /** What the app logged as errors. */
    errors,
    /** What it logged as changes. */
    audited,
    stop,
    get: async (path: string, headers: Record<string, string> = {}): Promise<TestResponse> =>
      (await app.request(path, { headers })) as TestResponse,
    post: async (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<TestResponse> =>
      (await app.request(path, {
        method: 'POST',
        headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })) as TestResponse,
  };
}
export type TestApi = ReturnType<typeof testApi>;
