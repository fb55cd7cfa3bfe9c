import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import type { ExperimentDetail } from '../../src/contracts/documents/api.ts';
import type { Phase } from '../../src/contracts/documents/progress.ts';
import { type Result, resultSchema } from '../../src/contracts/documents/result.ts';
import { messageNames } from '../../src/contracts/temporal/names.ts';
import { experimentProcesses, nothing } from '../support/oracles.ts';
import type { TestStack } from '../support/stack.ts';
import { stackOfFile } from '../support/stack-of-file.ts';
import { askAsStranger, whatListens } from '../support/strangers.ts';
import { until } from '../support/until.ts';

let stack: TestStack;
stackOfFile((started) => {
  stack = started;
});
afterAll(() => {
  expect(experimentProcesses(stack.home)).toEqual([]);
});

const load = (messagesPerSecond: number) => ({ shape: 'constant', messagesPerSecond });
const kafka = {
  name: 'kafka end to end',
  technology: 'kafka',
  settings: { heapMegabytes: 256 },
  workload: {
    load: load(1_000),
    messageSizeBytes: 200,
    warmupSeconds: 1,
    maxWarmupSeconds: 1,
    durationSeconds: 3,
  },
  requirements: [{ metric: 'messages.lost', atMost: 0 }],
};
/** More than the two shards take: 9,000 messages, of which 6,000 in time. */
const kinesis = {
  ...kafka,
  name: 'kinesis end to end',
  technology: 'kinesis',
  settings: { shards: 2 },
  workload: { ...kafka.workload, load: load(3_000) },
};

const nats = {
  ...kafka,
  name: 'nats end to end',
  technology: 'nats',
  settings: {},
};

async function result(id: string): Promise<Result> {
  const answer = await stack.call('GET', `/api/experiments/${id}/result`);
  expect(answer.status).toBe(200);
  return resultSchema.parse(await answer.json());
}

/** The sum of the broker's own end offsets, as last seen before it went away. */
async function lastEndOffsets(id: string): Promise<number> {
  let last = 0;
  const port = clientPortOf(id);
  const admin = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  }).admin();
  await admin.connect();
  try {
    for (;;) {
      const offsets = await admin.fetchTopicOffsets(`cmp-${id}`);
      last = offsets.reduce((sum, { high }) => sum + Number(high), 0);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } catch {
    return last;
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

/** From the broker's own configuration, as an outsider finds it. */
function clientPortOf(id: string): string {
  const broker = experimentProcesses(stack.home).find(
    (one) => one.includes(id) && one.includes('kafka.Kafka'),
  );
  if (!broker) throw new Error(`no broker runs, only: ${experimentProcesses(stack.home).join('\n')}`);
  const listener = /^advertised\.listeners=PLAINTEXT:\/\/127\.0\.0\.1:(\d+)/m.exec(
    readFileSync(join(stack.home, 'experiments', id, 'config', 'broker-1.properties'), 'utf8'),
  );
  return listener?.[1] ?? '';
}

test('Kafka: every message is accounted for, by us and by the broker itself', async () => {
  const id = await stack.submit(kafka);
  await stack.untilPhase(id, 'warming-up', 'measuring');
  const endOffsets = await lastEndOffsets(id);
  const closed = await stack.untilPhase(id, 'closed');
  expect(closed).toMatchObject({ outcome: 'completed', failure: null });
  const { measurement, warmup, verdicts, emulated, environment } = await result(id);
  expect(measurement?.messages).toMatchObject({
    scheduled: 3_000,
    unsent: 0,
    sent: 3_000,
    acknowledged: 3_000,
    received: 3_000,
    lost: 0,
    duplicated: 0,
    unexpected: 0,
  });
  expect(endOffsets - (warmup?.acknowledged ?? 0)).toBe(3_000);
  expect(measurement?.latency.endToEnd.count).toBe(3_000);
  expect(measurement?.latency.endToEnd.p50Ms).toBeGreaterThan(0);
  expect(verdicts).toMatchObject([{ metric: 'messages.lost', verdict: 'met', measured: 0 }]);
  expect(emulated).toBe(false);
  expect(environment.product).toEqual({ name: 'Apache Kafka', version: '4.3.1' });
  expect(await stack.remains()).toEqual(nothing);
}, 90_000);

test('Kinesis: a stream that is asked for too much refuses some, loses none, says so, and obeys no page', async () => {
  const id = await stack.submit(kinesis);
  await stack.untilPhase(id, 'warming-up', 'measuring');
  if (process.platform === 'linux') {
    const ports = whatListens(stack.home, id);
    // The proxy with the quotas of the emulator's stream.
    expect(ports).toHaveLength(1);
    expect(await askAsStranger(ports)).toEqual({ objections: [], metrics: [] });
  }
  const closed = await stack.untilPhase(id, 'closed');
  expect(closed).toMatchObject({ outcome: 'completed', failure: null, emulated: true });
  const { measurement, emulated, ceiling } = await result(id);
  expect(emulated).toBe(true);
  expect(measurement?.messages).toMatchObject({
    scheduled: 9_000,
    unsent: 0,
    acknowledged: 9_000,
    received: 9_000,
    lost: 0,
    duplicated: 0,
  });
  expect(measurement?.messages.throttled).toBeGreaterThan(0);
  expect(measurement?.throughput.produced.messagesPerSecond).toBeLessThanOrEqual(2_000);
  expect(ceiling).toMatchObject({ messagesPerSecond: 2_000, exceeded: true });
  expect(await stack.remains()).toEqual(nothing);
}, 300_000);

test('a second experiment waits in the queue and then runs', async () => {
  const first = await stack.submit(kafka);
  // Two that are posted at once may reach the queue in either order.
  await stack.untilPhase(first, 'provisioning');
  const second = await stack.submit(nats);
  const waiting = await stack.untilPhase(second, 'queued');
  expect(waiting.phase).toBe('queued');
  await stack.untilPhase(first, 'measuring');
  expect((await stack.detail(second)).queuePosition).toBe(1);
  const queue = (await (await stack.call('GET', '/api/queue')).json()) as {
    targets: { running: { experimentId: string }[]; waiting: { experimentId: string }[] }[];
  };
  expect(queue.targets[0]?.running.map(({ experimentId }) => experimentId)).toEqual([first]);
  expect(queue.targets[0]?.waiting.map(({ experimentId }) => experimentId)).toEqual([second]);
  const [one, two] = [await stack.untilPhase(first, 'closed'), await stack.untilPhase(second, 'closed')];
  expect([one.outcome, two.outcome]).toEqual(['completed', 'completed']);
  const begun = (detail: ExperimentDetail, phase: Phase) =>
    detail.timeline.find((entry) => entry.phase === phase)?.startedAt ?? '';
  expect(begun(two, 'provisioning') >= begun(one, 'destroying')).toBe(true);
  expect(await stack.remains()).toEqual(nothing);
}, 120_000);

describe('cancelling leaves nothing alive', () => {
  const long = {
    ...nats,
    workload: { ...nats.workload, warmupSeconds: 2, maxWarmupSeconds: 2, durationSeconds: 60 },
  };

  test.each(['provisioning', 'warming-up', 'measuring'] as const)(
    'by API while %s',
    async (phase) => {
      const id = await stack.submit(long);
      await stack.untilPhase(id, phase);
      // The phase begins a moment before its schedule: cancelled then, it has measured nothing.
      if (phase === 'measuring')
        await until('a measured message', async () => {
          const { secondsTotal = 0, acknowledged = 0 } = (await stack.detail(id)).progress ?? {};
          return secondsTotal === long.workload.durationSeconds && acknowledged > 0;
        });
      expect((await stack.call('POST', `/api/experiments/${id}/cancel`)).status).toBe(202);
      expect((await stack.call('POST', `/api/experiments/${id}/cancel`)).status).toBe(202);
      const closed = await stack.untilPhase(id, 'closed');
      expect(closed).toMatchObject({ outcome: 'cancelled', failure: null });
      expect((await stack.call('POST', `/api/experiments/${id}/cancel`)).status).toBe(409);
      expect(await stack.remains()).toEqual(nothing);
      if (phase === 'measuring') {
        const { partial, measurement } = await result(id);
        expect(partial).toBe(true);
        expect(measurement?.messages.lost).toBe(0);
        expect(measurement?.durationSeconds).toBeLessThan(60);
      }
    },
    60_000,
  );

  test('by a Temporal cancellation while measuring', async () => {
    const id = await stack.submit(long);
    await stack.untilPhase(id, 'measuring');
    await stack.client.workflow.getHandle(id).cancel();
    expect(await stack.untilPhase(id, 'closed')).toMatchObject({ outcome: 'cancelled' });
    expect(await stack.remains()).toEqual(nothing);
  }, 60_000);

  test('of a comparison, by the signal, with its running variant', async () => {
    const { name: _name, technology, settings, ...shared } = long;
    const variants = ['one', 'two'].map((name) => ({ name, technology, settings }));
    const answer = await stack.call('POST', '/api/comparisons', { name: 'two', ...shared, variants });
    expect(answer.status).toBe(202);
    const { id } = (await answer.json()) as { id: string };
    await until('its first variant', async () => (await stack.detail(`${id}-01`)).phase);
    await stack.untilPhase(`${id}-01`, 'measuring');
    await stack.client.workflow.getHandle(id).signal(messageNames.cancel);
    const outcome = await until('its outcome', async () => {
      const comparison = await (await stack.call('GET', `/api/comparisons/${id}`)).json();
      return (comparison as { outcome: string | null }).outcome;
    });
    expect(outcome).toBe('cancelled');
    expect(await stack.remains()).toEqual(nothing);
  }, 90_000);
});

test('bad input starts nothing and says where it is wrong', async () => {
  const answer = await stack.call('POST', '/api/experiments', {
    ...kafka,
    technology: 'kafak',
    workload: { ...kafka.workload, load: load(-5) },
    extra: true,
  });
  expect(answer.status).toBe(422);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const { errors } = (await answer.json()) as { errors: { pointer: string }[] };
  expect(errors.map(({ pointer }) => pointer).sort()).toEqual([
    '/extra',
    '/technology',
    '/workload/load/messagesPerSecond',
  ]);
  expect(await stack.remains()).toEqual(nothing);
});
