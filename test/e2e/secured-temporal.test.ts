import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { temporalServer } from '../../src/temporal-server.ts';
import { nothing } from '../support/oracles.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { startTemporal } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import { type SecuredTemporal, startSecuredTemporal, temporalApiKey } from './support/secured-temporal.ts';

/** Against a Temporal that asks for a client certificate and an API key: API, worker and load generators alike. */

let temporal: TestWorkflowEnvironment;
let secured: SecuredTemporal;
let stack: TestStack;

const environmentOf = ({ address, folder }: SecuredTemporal) => ({
  TEMPORAL_ADDRESS: address,
  TEMPORAL_API_KEY: temporalApiKey,
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(folder, 'ca.pem'),
  TEMPORAL_TLS_CLIENT_CERT_PATH: join(folder, 'client.pem'),
  TEMPORAL_TLS_CLIENT_KEY_PATH: join(folder, 'client.key'),
});
const before = { ...process.env };

beforeAll(async () => {
  temporal = await startTemporal();
  secured = await startSecuredTemporal(temporal.address);
  // As a person's shell has it: processes of the stack inherit it.
  Object.assign(process.env, environmentOf(secured));
  stack = await startTestStack(() => {}, environmentOf(secured));
}, 150_000);

afterAll(async () => {
  for (const name of Object.keys(environmentOf(secured))) delete process.env[name];
  Object.assign(process.env, before);
  await stack?.end();
  await secured?.close();
  await temporal?.teardown();
});

test.each([
  ['without a key', { TEMPORAL_API_KEY: '' }],
  ['without a certificate', { TEMPORAL_TLS_CLIENT_CERT_PATH: '', TEMPORAL_TLS_CLIENT_KEY_PATH: '' }],
  ['that trusts another authority', { TEMPORAL_TLS_SERVER_CA_CERT_PATH: 'stranger.pem' }],
])('the server refuses one %s', async (_who, without) => {
  const own = { ...environmentOf(secured), ...without };
  if (own.TEMPORAL_TLS_SERVER_CA_CERT_PATH === 'stranger.pem') {
    own.TEMPORAL_TLS_SERVER_CA_CERT_PATH = join(secured.folder, 'stranger.pem');
  }
  const { address, access } = temporalServer(own);
  await expect(
    Connection.connect({ address: address ?? '', ...access, connectTimeout: 3_000 }),
  ).rejects.toThrow();
});

test('an experiment runs, and the key lies nowhere', async () => {
  const id = await stack.submit({
    name: 'secured',
    technology: 'nats',
    target: 'local',
    workload: {
      messageSizeBytes: 200,
      load: { shape: 'constant', messagesPerSecond: 200 },
      warmupSeconds: 1,
      durationSeconds: 3,
    },
  });
  const { outcome, failure } = await until(
    'its end',
    async () => {
      const now = await stack.detail(id);
      return now.phase === 'closed' && now;
    },
    { timeoutMs: 180_000 },
  );
  expect({ outcome, failure }).toEqual({ outcome: 'completed', failure: null });
  expect(secured.refused()).toBeGreaterThan(0);

  const history = await stack.client.workflow.getHandle(id).fetchHistory();
  expect(JSON.stringify(history)).not.toContain(temporalApiKey);
  const files = readdirSync(stack.home, { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  const holding = files.filter((file) =>
    readFileSync(join(file.parentPath, file.name)).includes(temporalApiKey),
  );
  expect(holding.map(({ name }) => name)).toEqual([]);
  const answers = await Promise.all(
    [`/api/experiments/${id}`, `/api/experiments/${id}/result`, `/api/experiments/${id}/log`].map(
      async (path) => (await stack.call('GET', path)).text(),
    ),
  );
  expect(answers.join()).not.toContain(temporalApiKey);
  expect(await stack.remains()).toEqual(nothing);
}, 240_000);
