import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Admin } from 'kafkajs';
import type { Result } from '../../src/contracts/documents/result.ts';
import { createObjectStore, createS3Client } from '../../src/storage/object-store.ts';
import { type SecuredKafka, secretPassword, startSecuredKafka } from '../loadgen/support/secured-kafka.ts';
import { type TopicsOfOthers, topicsOfOthers } from '../loadgen/support/topics-of-others.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

/** Whole experiments in a user's own cluster, which makes topics by itself and holds those of others. */

jest.setTimeout(600_000);

const others = ['orders', 'payments'];
let kafka: SecuredKafka;
let admin: Admin;
let stack: TestStack;
let theirs: TopicsOfOthers;
let before: unknown;

beforeAll(async () => {
  kafka = await startSecuredKafka({ 'auto.create.topics.enable': 'true' });
  theirs = await topicsOfOthers(kafka.bootstrapServers, others);
  admin = theirs.admin;
  before = await theirs.look();
  stack = await startTestStack(() => {}, { COMPARATOR_CLUSTERS: kafka.clustersFile });
}, 600_000);

afterAll(async () => {
  await admin?.disconnect();
  await stack?.end();
  await kafka?.stop();
});

function experiment(client: string, workload: Record<string, unknown> = {}, cluster = 'scram-512') {
  return {
    name: `existing, ${client}`,
    technology: 'kafka',
    target: 'existing',
    settings: { cluster, partitions: 3, producerClient: client, consumerClient: client },
    workload: {
      load: { shape: 'constant', messagesPerSecond: 200 },
      messageSizeBytes: 200,
      warmupSeconds: 1,
      maxWarmupSeconds: 1,
      durationSeconds: 3,
      drainTimeoutSeconds: 20,
      ...workload,
    },
    requirements: [{ metric: 'messages.lost', atMost: 0 }],
  };
}

async function ours(): Promise<string[]> {
  const { groups } = await admin.listGroups();
  const names = [...(await admin.listTopics()), ...groups.map(({ groupId }) => groupId)];
  return names.filter((name) => name.startsWith('cmp-'));
}

async function expectNothingLeft() {
  expect(await ours()).toEqual([]);
  expect((await stack.remains()).processes).toEqual([]);
  expect(await theirs.look()).toEqual(before);
}

async function closed(id: string) {
  return await until(
    `${id} to close`,
    async () => {
      const now = await stack.detail(id);
      if (now.phase !== 'closed') throw new Error(`it is ${now.phase}: ${JSON.stringify(now.waiting)}`);
      return now;
    },
    { timeoutMs: 300_000, everyMs: 200 },
  );
}

test.each(['kafkajs', 'platformatic', 'flat'])(
  '%s is measured there, every message accounted for',
  async (client) => {
    const id = await stack.submit(experiment(client));
    const { outcome, failure, emulated } = await closed(id);
    expect({ outcome, failure, emulated }).toEqual({ outcome: 'completed', failure: null, emulated: false });
    const result = (await (await stack.call('GET', `/api/experiments/${id}/result`)).json()) as Result;
    expect(result).toMatchObject({
      target: 'existing',
      environment: { product: { name: 'Apache Kafka', version: null } },
      guarantee: { powerLoss: 'may-lose', nodeLoss: 'may-lose', flushed: null },
      cost: null,
      measurement: {
        messages: { scheduled: 600, sent: 600, acknowledged: 600, received: 600, lost: 0, duplicated: 0 },
      },
      verdicts: [{ verdict: 'met' }],
    });
    expect(result.product?.cpuSeconds ?? null).toBeNull();
    const report = await stack.call('GET', `/api/report?experiment=${id}`, undefined, {
      accept: 'text/markdown',
    });
    expect(await report.text()).toContain('measured in a cluster of your own');
    await expectNothingLeft();
  },
);

test('what is cancelled while it is measured leaves neither topic nor group', async () => {
  const id = await stack.submit(experiment('kafkajs', { durationSeconds: 60 }));
  await stack.untilPhase(id, 'measuring');
  expect(await ours()).toContainEqual(expect.stringMatching(new RegExp(`^cmp-[a-z0-9]+-${id}$`)));
  await stack.cancel(id);
  expect(await closed(id)).toMatchObject({ outcome: 'cancelled' });
  await expectNothingLeft();
});

describe('refused', () => {
  test.each([
    ['a cluster that nobody named', { cluster: 'elsewhere' }, '/settings/cluster', /scram-512, scram-256/],
    ['no cluster', {}, '/settings/cluster', /must name a cluster/],
    ['brokers', { cluster: 'scram-512', brokers: 3 }, '/settings/brokers', /leave it out/],
  ])('%s, before anything is started', async (_what, settings, pointer, detail) => {
    for (const path of ['/api/experiments', '/api/experiments?dryRun=true']) {
      const answer = await stack.call('POST', path, { ...experiment('flat'), settings });
      expect(answer.status).toBe(422);
      const { errors } = (await answer.json()) as { errors: { pointer: string; detail: string }[] };
      expect(errors).toEqual([{ pointer, detail: expect.stringMatching(detail) }]);
    }
  });

  test('a password, and the run ends within seconds with the reason', async () => {
    const id = await stack.submit(experiment('flat', {}, 'wrong-password'));
    const { outcome, failure } = await closed(id);
    expect(outcome).toBe('failed');
    expect(failure).toMatchObject({
      code: 'invalid-input',
      phase: 'provisioning',
      message: expect.stringMatching(
        /wrong-password cannot be asked: SASL authentication failed: .*SCRAM-SHA-512/,
      ),
    });
    await expectNothingLeft();
  });
});

test('one queue serves both targets, since one machine measures', async () => {
  const { targets } = (await (await stack.call('GET', '/api/queue')).json()) as {
    targets: { target: string }[];
  };
  expect(targets.map(({ target }) => target)).toEqual(['local']);
});

// Last: it looks at what all the others have left.
test('the password is nowhere but in its file', async () => {
  const { home, config, client, stack: running } = stack;
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' })
    .map((name) => join(home, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => readFileSync(file).includes(secretPassword))).toEqual([]);
  const histories: string[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    histories.push(decoded(String(historyToJSON(history))));
  }
  expect(histories.length).toBeGreaterThan(5);
  // It would be found: what is no secret is.
  expect(histories.some((one) => one.includes('scram-512'))).toBe(true);
  expect(histories.filter((one) => one.includes(secretPassword))).toEqual([]);
  const { url, accessKeyId, secretAccessKey } = running.description.aws;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
  const store = createObjectStore(
    createS3Client({ region: 'us-east-1', endpointUrl: url }),
    config.resultsBucket,
  );
  const keys = await store.list('');
  expect(keys.length).toBeGreaterThan(20);
  const found = await Promise.all(
    keys.map(async (key) => (await store.getText(key))?.includes(secretPassword)),
  );
  expect(keys.filter((_, index) => found[index])).toEqual([]);
});

/** A history with what lies in it as base64 beside. */
function decoded(history: string): string {
  const payloads = [...history.matchAll(/"data":\s*"([A-Za-z0-9+/=]+)"/g)];
  return [history, ...payloads.map(([, data]) => Buffer.from(data as string, 'base64').toString())].join(
    '\n',
  );
}
