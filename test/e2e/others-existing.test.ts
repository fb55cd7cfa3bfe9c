import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { parse, stringify } from 'yaml';
import type { Result } from '../../src/contracts/documents/result.ts';
import { type SecuredNats, startSecuredNats } from '../loadgen/support/secured-nats.ts';
import { startMiniStack, type TestServer } from '../loadgen/support/servers.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

/** Whole experiments on a user's own NATS servers, and in an account of the user's, emulated. */

jest.setTimeout(600_000);

let nats: SecuredNats;
let account: TestServer & { url: string };
let stack: TestStack;

beforeAll(async () => {
  [nats, account] = await Promise.all([startSecuredNats(), startMiniStack('AKIDLOAD')]);
  const { clusters } = parse(readFileSync(nats.clustersFile, 'utf8'));
  clusters.push({
    name: 'account',
    technology: 'kinesis',
    region: 'us-east-1',
    endpointUrl: account.url,
    credentialsFile: 'aws',
  });
  writeFileSync(nats.clustersFile, stringify({ clusters }));
  writeFileSync(
    join(dirname(nats.clustersFile), 'aws'),
    '[default]\naws_access_key_id = AKIDLOAD\naws_secret_access_key = canary-aws\n',
  );
  await nats.theirs.manager.streams.add({ name: 'orders', subjects: ['orders.>'] });
  stack = await startTestStack(() => {}, { COMPARATOR_CLUSTERS: nats.clustersFile });
}, 600_000);

afterAll(async () => {
  await stack?.end();
  await account?.stop();
  await nats?.stop();
});

async function measured(technology: string, settings: object, workload: object): Promise<Result> {
  const id = await stack.submit({
    name: `existing, ${technology}`,
    technology,
    target: 'existing',
    settings,
    workload: {
      load: { shape: 'constant', messagesPerSecond: 100 },
      messageSizeBytes: 200,
      warmupSeconds: 1,
      maxWarmupSeconds: 1,
      durationSeconds: 3,
      drainTimeoutSeconds: 20,
      ...workload,
    },
    requirements: [
      { metric: 'messages.lost', atMost: 0 },
      { metric: 'latency.endToEnd.p99Ms', atMost: 60_000 },
    ],
  });
  const { outcome, failure } = await until(
    `${id} to close`,
    async () => {
      const now = await stack.detail(id);
      if (now.phase !== 'closed') throw new Error(`it is ${now.phase}: ${JSON.stringify(now.waiting)}`);
      return now;
    },
    { timeoutMs: 300_000, everyMs: 200 },
  );
  expect({ outcome, failure }).toEqual({ outcome: 'completed', failure: null });
  expect((await stack.remains()).processes).toEqual([]);
  return (await (await stack.call('GET', `/api/experiments/${id}/result`)).json()) as Result;
}

test.each([
  ['password', 1],
  ['credentials', 2],
])(
  'NATS is measured by %s with %d load generators, every message accounted for',
  async (cluster, generators) => {
    const workload = { generators, producers: generators, consumers: generators };
    const result = await measured('nats', { cluster, subjects: 4 }, workload);
    expect(result).toMatchObject({
      target: 'existing',
      emulated: false,
      environment: { product: { name: 'NATS Server', version: null } },
      measurement: { messages: { scheduled: 300, acknowledged: 300, received: 300, lost: 0, duplicated: 0 } },
      verdicts: [{ verdict: 'met' }, {}],
    });
    const names: string[] = [];
    for await (const name of nats.theirs.manager.streams.names()) names.push(name);
    expect(names).toEqual(['orders']);
  },
);

test('Kinesis is measured in an emulated account, and the result says so and decides no speed', async () => {
  const result = await measured('kinesis', { cluster: 'account', shards: 2 }, {});
  expect(result).toMatchObject({
    target: 'existing',
    emulated: true,
    measurement: { messages: { scheduled: 300, acknowledged: 300, received: 300, lost: 0 } },
    verdicts: [
      { verdict: 'met' },
      {
        verdict: 'undecided',
        reason: expect.stringMatching(/on an emulator says nothing of the real product/),
      },
    ],
  });
  const report = await stack.call('GET', `/api/report?experiment=${result.experimentId}`, undefined, {
    accept: 'text/markdown',
  });
  const text = await report.text();
  expect(text).toContain('EMULATED');
  expect(text.match(/does not aggregate them as the Kinesis Producer Library/g)).toHaveLength(1);
  const client = new KinesisClient({
    region: 'us-east-1',
    endpoint: account.url,
    credentials: { accessKeyId: 'AKIDLOAD', secretAccessKey: 'canary-aws' },
    requestHandler: new NodeHttpHandler(),
  });
  expect((await client.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
  client.destroy();
});

// Last: it looks at what all the others have left.
test('the secrets are nowhere but in their files', async () => {
  const { home, client } = stack;
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' })
    .map((name) => join(home, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => nats.secrets.test(readFileSync(file, 'latin1')))).toEqual([]);
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const text = String(historyToJSON(history));
    const inside = [...text.matchAll(/"data":\s*"([A-Za-z0-9+/=]+)"/g)].map(([, data]) =>
      Buffer.from(data as string, 'base64').toString(),
    );
    expect([text, ...inside].join('\n')).not.toMatch(nats.secrets);
  }
});
