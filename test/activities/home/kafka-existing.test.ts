import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { endlessAttempt } from '../../../activities/home/attempt.ts';
import { destroy } from '../../../activities/home/destroy.ts';
import { OperatorNeededError, TerraformFailedError } from '../../../activities/home/errors.ts';
import { findExperiments } from '../../../activities/home/find-experiments.ts';
import { identifyExperiment } from '../../../activities/home/identify.ts';
import { inventory } from '../../../activities/home/inventory.ts';
import { ownsInfrastructure, provision } from '../../../activities/home/provision.ts';
import { groupCoordinator } from '../../../loadgen/drivers/kafka/kafkajs/connection.ts';
import type { InfrastructureRef } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { InvalidInputError } from '../../../src/temporal/activity-error.ts';
import { type SecuredKafka, secretPassword, startSecuredKafka } from '../../loadgen/support/secured-kafka.ts';
import { type TopicsOfOthers, topicsOfOthers } from '../../loadgen/support/topics-of-others.ts';
import { until } from '../../support/until.ts';
import { type Bench, killOnceThere, startBench } from './support/terraform-world.ts';

/** A user's own cluster, which asks for TLS and a password, makes topics by itself, and holds things of others. */

jest.setTimeout(300_000);

const others = ['orders', 'cmp-test01', 'cmp-other1-t-0123456789', 'cmp-test01-t'];
let bench: Bench;
let kafka: SecuredKafka;
let admin: Admin;
let theirs: TopicsOfOthers;
let before: unknown;

beforeAll(async () => {
  [bench, kafka] = await Promise.all([
    startBench(),
    startSecuredKafka({ 'auto.create.topics.enable': 'true' }),
  ]);
  bench.deps.clustersFile = kafka.clustersFile;
  theirs = await topicsOfOthers(kafka.bootstrapServers, others);
  admin = theirs.admin;
  await readBy(theirs.client, 'orders', 'cmp-test01-t.their-group');
  before = await theirs.look();
}, 300_000);

beforeEach(() => kafka.setPassword('right'));

afterAll(async () => {
  await admin?.disconnect();
  await kafka?.stop();
  await bench?.stop();
});

/** Has a group read a topic, and leaves it. */
async function readBy(client: Kafka, topic: string, groupId: string): Promise<void> {
  const consumer = client.consumer({
    groupId,
    allowAutoTopicCreation: false,
    // By itself it goes on for ever, also when its topic and the broker are gone.
    retry: { retries: 5, restartOnFailure: async () => false },
  });
  await groupCoordinator(client, groupId);
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
  await consumer.run({ eachMessage: async () => {} });
  await joined;
  await consumer.stop();
  await consumer.disconnect();
}

const topicOf = (ref: InfrastructureRef) => `cmp-test01-${ref.experimentId}`;

const experiment = (cluster = 'scram-512') =>
  bench.experiment('kafka', { cluster, partitions: 3 }, 'existing');

async function groupsIn(): Promise<string[]> {
  return (await admin.listGroups()).groups.map(({ groupId }) => groupId);
}

async function expectNothingLeft(ref: InfrastructureRef) {
  expect(await admin.listTopics()).not.toContain(topicOf(ref));
  expect((await groupsIn()).filter((group) => group.startsWith(topicOf(ref)))).toEqual([]);
  expect(await inventory(bench.deps, ref)).toEqual([]);
  expect(await bench.stateObjects(ref)).toEqual([]);
  expect(existsSync(bench.runFolder(ref))).toBe(false);
  expect(bench.processes(ref)).toEqual([]);
  expect(await theirs.look()).toEqual(before);
  expect(await groupsIn()).toContain('cmp-test01-t.their-group');
}

test('a topic of its own is made and deleted, with its groups, and nothing else touched', async () => {
  const ref = experiment();
  const { endpoint, product } = await provision(bench.deps, ref, endlessAttempt);
  expect(endpoint).toEqual({ cluster: 'scram-512', topic: topicOf(ref) });
  expect(product).toEqual({ name: 'Apache Kafka', version: null });
  const { topics } = await admin.fetchTopicMetadata({ topics: [topicOf(ref)] });
  expect(topics[0]?.partitions).toHaveLength(3);
  expect(await ownsInfrastructure(bench.deps, ref)).toBe(true);
  await readBy(
    new Kafka({ brokers: kafka.bootstrapServers, logLevel: logLevel.NOTHING }),
    topicOf(ref),
    `${topicOf(ref)}.s-1`,
  );
  const found = await inventory(bench.deps, ref);
  expect(found.map(({ kind, name }) => [kind, name])).toEqual(
    expect.arrayContaining([
      ['topic', topicOf(ref)],
      ['consumer-group', `${topicOf(ref)}.s-1`],
    ]),
  );
  expect((await findExperiments(bench.deps)).ids).toContain(ref.experimentId);
  expect(filesWith(bench.deps.home, secretPassword)).toEqual([]);
  expect(await objectsWith(secretPassword)).toEqual([]);

  await destroy(bench.deps, ref, endlessAttempt);
  await expectNothingLeft(ref);
});

test.each(['token', 'iam'])('a topic is made and deleted by %s', async (cluster) => {
  const ref = experiment(cluster);
  await provision(bench.deps, ref, endlessAttempt);
  expect(await admin.listTopics()).toContain(topicOf(ref));
  expect(filesWith(bench.deps.home, 'canary-')).toEqual([]);
  await destroy(bench.deps, ref, endlessAttempt);
  await expectNothingLeft(ref);
});

describe('terraform and its supervisor killed in mid-apply', () => {
  async function killedOnceThereIsATopic(): Promise<InfrastructureRef> {
    const ref = experiment();
    await killOnceThere(bench, ref, 'a topic', async () => (await admin.listTopics()).includes(topicOf(ref)));
    return ref;
  }

  test('leave a topic that the destroy finds by its name', async () => {
    const ref = await killedOnceThereIsATopic();
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });

  test('leave what the next apply takes over, and makes whole', async () => {
    const ref = await killedOnceThereIsATopic();
    const { endpoint } = await provision(bench.deps, ref, endlessAttempt);
    expect(endpoint).toEqual({ cluster: 'scram-512', topic: topicOf(ref) });
    expect(await ownsInfrastructure(bench.deps, ref)).toBe(true);
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });
});

test('a topic whose experiment, record and state are lost is known by its name, and destroyed', async () => {
  const ref = experiment();
  await admin.createTopics({ topics: [{ topic: topicOf(ref), numPartitions: 1 }] });
  await until(
    'it is listed',
    async () => (await findExperiments(bench.deps)).ids.includes(ref.experimentId),
    {
      timeoutMs: 30_000,
    },
  );
  const spec = await identifyExperiment(bench.deps, ref.experimentId);
  expect(spec).toMatchObject({ technology: 'kafka', target: 'existing' });
  if (!spec) return;
  const found = { ...ref, spec };
  await destroy(bench.deps, found, endlessAttempt);
  await expectNothingLeft(ref);
});

describe('a cluster that does not let us in', () => {
  test.each([
    ['wrong-password', InvalidInputError, 'SASL authentication failed: Authentication failed'],
    [
      'wrong-token',
      InvalidInputError,
      'SASL authentication failed: the broker does not take the token: invalid_token',
    ],
    ['wrong-certificate', InvalidInputError, 'TLS failed: self-signed certificate'],
    [
      'not-there',
      InvalidInputError,
      'not-there is no cluster of kafka in the file that COMPARATOR_CLUSTERS names',
    ],
    ['away', TerraformFailedError, 'it cannot be reached: connect ECONNREFUSED'],
  ])('%s: nothing begins, and nothing has to be destroyed', async (cluster, kind, reason) => {
    const ref = experiment(cluster);
    const error = await provision(bench.deps, ref, endlessAttempt).catch((refusal: Error) => refusal);
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toContain(`the cluster ${cluster} cannot be asked: ${reason}`);
    expect((error as Error).message).not.toContain('canary');
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });

  test('any more is not taken for empty: a person is asked, and once it does, all is destroyed', async () => {
    const ref = experiment();
    await provision(bench.deps, ref, endlessAttempt);
    kafka.setPassword('wrong');
    const error = await destroy(bench.deps, ref, endlessAttempt).catch((refusal: Error) => refusal);
    expect(error).toBeInstanceOf(OperatorNeededError);
    expect((error as OperatorNeededError).reason).toMatch(
      /scram-512 cannot be asked: SASL authentication failed/,
    );
    expect((error as OperatorNeededError).actions).toHaveLength(1);
    const found = await inventory(bench.deps, ref);
    expect(found).toContainEqual({
      kind: 'topic',
      name: topicOf(ref),
      description: expect.stringMatching(
        /that may still be there, for the cluster scram-512 cannot be asked/,
      ),
    });
    expect(await admin.listTopics()).toContain(topicOf(ref));
    kafka.setPassword('right');
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });
});

/** Files below a folder in which a text is found. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter(
      (file) => statSync(file, { throwIfNoEntry: false })?.isFile() && readFileSync(file).includes(text),
    );
}

async function objectsWith(text: string): Promise<string[]> {
  const { store } = bench.deps;
  const keys = await store.list('');
  const bodies = await Promise.all(keys.map((key) => store.getText(key)));
  return keys.filter((_, index) => bodies[index]?.includes(text));
}
