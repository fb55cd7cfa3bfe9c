import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { Kafka, logLevel } from 'kafkajs';
import { readResult } from '../../activities/control/results.ts';
import { inheritedEnvironment, projectRoot } from '../../src/config.ts';
import type {
  ConsumePart,
  OpenSessionOutput,
  ProducePart,
} from '../../src/contracts/documents/load-parts.ts';
import { experimentSchema } from '../../src/contracts/input/experiment.ts';
import { workloadSchema } from '../../src/contracts/input/workload.ts';
import { loadGeneratorEnvironment } from '../../src/contracts/temporal/infrastructure-activities.ts';
import type { LoadPartRef } from '../../src/contracts/temporal/loadgen-activities.ts';
import { assignParticipants } from '../../src/contracts/temporal/participants.ts';
import { createObjectStore, createS3Client, type ObjectStore } from '../../src/storage/object-store.ts';
import { kafkaSettingsSchema } from '../../src/technologies/kafka/settings.ts';
import { until } from '../support/until.ts';
import {
  type KafkaBroker,
  startKafka,
  startMiniStack,
  startTemporal,
  type TestServer,
  testAwsEnvironment,
} from './support/servers.ts';

const experimentId = 'worker-test';
const bucket = 'worker-test';
let temporal: TestServer & { address: string };
let emulator: TestServer & { url: string };
let broker: KafkaBroker;
let client: Client;
let store: ObjectStore;
let loadGenerator: ChildProcess;
let secondGenerator: ChildProcess;
let workflowWorker: Worker;
let workflowRun: Promise<void>;
let folder: string;

beforeAll(async () => {
  Object.assign(process.env, testAwsEnvironment);
  [temporal, emulator, broker] = await Promise.all([startTemporal(), startMiniStack(), startKafka()]);
  store = createObjectStore(createS3Client({ region: 'us-east-1', endpointUrl: emulator.url }), bucket);
  await store.ensureBucket();
  const admin = new Kafka({ brokers: broker.bootstrapServers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'topic', numPartitions: 4 }], waitForLeaders: true });
  await admin.disconnect();

  folder = mkdtempSync(join(tmpdir(), 'cmp-test-worker-'));
  [loadGenerator, secondGenerator] = await Promise.all([startLoadGenerator(0), startLoadGenerator(1)]);

  const connection = await NativeConnection.connect({ address: temporal.address });
  workflowWorker = await Worker.create({
    connection,
    taskQueue: 'workflows',
    workflowsPath: new URL('./support/load-workflow.ts', import.meta.url).pathname,
  });
  workflowRun = workflowWorker.run();
  client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
}, 120_000);

async function startLoadGenerator(generator: number): Promise<ChildProcess> {
  const readyFile = join(folder, `ready-${generator}.json`);
  const child = spawn(process.execPath, [join(projectRoot, 'loadgen', 'worker.ts')], {
    env: {
      PATH: inheritedEnvironment().PATH,
      ...testAwsEnvironment,
      AWS_ENDPOINT_URL: emulator.url,
      TEMPORAL_ADDRESS: temporal.address,
      [loadGeneratorEnvironment.experimentId]: experimentId,
      [loadGeneratorEnvironment.generator]: String(generator),
      [loadGeneratorEnvironment.resultsBucket]: bucket,
      [loadGeneratorEnvironment.readyFile]: readyFile,
    },
    stdio: 'inherit',
  });
  await until('the ready file', () => existsSync(readyFile));
  return child;
}

afterAll(async () => {
  if (secondGenerator?.exitCode === null) secondGenerator.kill('SIGKILL');
  if (loadGenerator?.exitCode === null) loadGenerator.kill('SIGKILL');
  workflowWorker?.shutdown();
  await workflowRun;
  await client?.connection.close();
  await Promise.all([temporal?.stop(), emulator?.stop(), broker?.stop()]);
  if (folder) rmSync(folder, { recursive: true, force: true });
});

function input(session: number, durationSeconds: number) {
  return {
    experimentId,
    runId: 'run',
    session,
    generator: 0,
    technology: 'kafka',
    settings: kafkaSettingsSchema.parse({}),
    endpoint: { bootstrapServers: broker.bootstrapServers, topic: 'topic' },
    workload: workloadSchema.parse({
      load: { shape: 'constant', messagesPerSecond: 1_000 },
      warmupSeconds: 0.5,
      durationSeconds,
    }),
    producers: [0],
    consumers: [0],
  };
}

test('the load generator runs a workflow’s session and leaves its parts in S3', async () => {
  const { opened, produced, consumed } = await client.workflow.execute('loadSession', {
    workflowId: 'complete',
    taskQueue: 'workflows',
    args: [input(1, 2)],
  });
  expect(opened.warmup).toMatchObject({ acknowledged: 500, refusals: [], seconds: 0.5 });
  expect(opened.environment.host.calibration?.loopMillionsPerSecond).toBeGreaterThan(1);
  expect([produced.partial, consumed.partial]).toEqual([false, false]);
  const producePart = (await store.getJson(produced.partKey)) as ProducePart;
  const consumePart = (await store.getJson(consumed.partKey)) as ConsumePart;
  expect(producePart).toMatchObject({
    kind: 'produce',
    scheduled: 2_000,
    acknowledged: 2_000,
    durationSeconds: 2,
  });
  expect(consumePart).toMatchObject({ kind: 'consume', received: 2_000, lost: 0 });
});

test.each(['kafkajs', 'platformatic'] as const)(
  'two load generators share a session through S3, and their consumers a group (%s)',
  async (kafkaClient) => {
    const session = kafkaClient === 'kafkajs' ? 11 : 12;
    const workload = workloadSchema.parse({
      load: { shape: 'constant', messagesPerSecond: 1_000 },
      producers: 2,
      consumers: 2,
      generators: 2,
      warmupSeconds: 0.5,
      durationSeconds: 2,
      drainTimeoutSeconds: 90,
    });
    const settings = kafkaSettingsSchema.parse({
      producerClient: kafkaClient,
      consumerClient: kafkaClient,
    });
    const inputs = assignParticipants(workload).map((participants) => ({
      ...input(session, 2),
      settings,
      workload,
      ...participants,
    }));
    const startedMs = performance.now();
    const { opened, parts } = await client.workflow.execute('sharedSession', {
      workflowId: `shared-${kafkaClient}`,
      taskQueue: 'workflows',
      args: [inputs],
    });
    // Neither waited out the drain: each heard from the other that everything had arrived.
    expect(performance.now() - startedMs).toBeLessThan(workload.drainTimeoutSeconds * 1_000);
    expect(opened.map(({ warmup }: OpenSessionOutput) => warmup.acknowledged)).toEqual([250, 250]);
    // Both at once would measure each other.
    expect(opened[1].environment.host.calibration).toBeNull();
    const { document } = await readResult(store, {
      experimentId,
      runId: 'run',
      spec: experimentSchema.parse({ name: 'shared', technology: 'kafka', workload }),
      timeline: [],
      restarts: 0,
      partial: false,
      partKeys: parts.map(({ partKey }: LoadPartRef) => partKey),
      provisioned: null,
      opened,
      capacity: null,
      failure: null,
    });
    expect(document.measurement?.messages).toMatchObject({
      scheduled: 2_000,
      acknowledged: 2_000,
      received: 2_000,
      lost: 0,
      duplicated: 0,
      unexpected: 0,
    });
    expect(document.measurement?.latency.endToEnd.count).toBe(2_000);
  },
);

test('a cancelled workflow gets what was measured so far, within seconds', async () => {
  const handle = await client.workflow.start('loadSession', {
    workflowId: 'cancelled',
    taskQueue: 'workflows',
    args: [input(2, 600)],
  });
  await until('a thousand acknowledged messages', async () => {
    const { raw } = await handle.describe();
    const payload = raw.pendingActivities?.find((activity) => activity.activityType?.name === 'produce')
      ?.heartbeatDetails?.payloads?.[0];
    const live = payload?.data && JSON.parse(Buffer.from(payload.data).toString());
    return live?.acknowledged >= 1_000;
  });
  const cancelledMs = Date.now();
  await handle.cancel();
  const { produced, consumed } = await handle.result();
  expect(Date.now() - cancelledMs).toBeLessThan(8_000);
  expect([produced.partial, consumed.partial]).toEqual([true, true]);
  const producePart = (await store.getJson(produced.partKey)) as ProducePart;
  expect(producePart.acknowledged).toBeGreaterThan(900);
  expect(producePart.scheduled).toBe(
    producePart.unsent + producePart.acknowledged + producePart.failed + producePart.indeterminate,
  );
});

test('a session that is not open fails for good, and says so', async () => {
  const failing = client.workflow.execute('measureWithoutSession', {
    workflowId: 'none',
    taskQueue: 'workflows',
    args: [input(9, 1)],
  });
  await expect(failing).rejects.toMatchObject({
    cause: {
      cause: {
        type: 'not-open',
        nonRetryable: true,
        message: expect.stringContaining('session 9 is not open'),
      },
    },
  });
});

test('SIGTERM ends the load generator within seconds', async () => {
  const exited = new Promise<number | null>((resolve) => loadGenerator.once('exit', resolve));
  const startedMs = Date.now();
  loadGenerator.kill('SIGTERM');
  expect(await exited).toBe(0);
  expect(Date.now() - startedMs).toBeLessThan(4_000);
});
