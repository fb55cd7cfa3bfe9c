import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListStreamConsumersCommand,
  ListStreamsCommand,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { stringify } from 'yaml';
import { endlessAttempt } from '../../../activities/home/attempt.ts';
import { destroy } from '../../../activities/home/destroy.ts';
import { TerraformFailedError } from '../../../activities/home/errors.ts';
import { findExperiments } from '../../../activities/home/find-experiments.ts';
import { inventory } from '../../../activities/home/inventory.ts';
import { ownsInfrastructure, provision } from '../../../activities/home/provision.ts';
import { driver } from '../../../loadgen/drivers/kinesis/driver.ts';
import { inheritedEnvironment } from '../../../src/config.ts';
import type { InfrastructureRef } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { kinesisSettingsSchema } from '../../../src/technologies/kinesis.ts';
import { InvalidInputError } from '../../../src/temporal/activity-error.ts';
import { Collector } from '../../loadgen/support/collector.ts';
import { startMiniStack, type TestServer } from '../../loadgen/support/servers.ts';
import { freePort } from '../../support/free-port.ts';
import { until } from '../../support/until.ts';
import { type Bench, killOnceThere, startBench } from './support/terraform-world.ts';

/** An account of the user's, emulated, which holds streams of others. */

jest.setTimeout(300_000);

const secret = 'canary-account-93d1';
const others = ['orders', 'cmp-test01', 'cmp-other1-t-0123456789', 'cmp-test01-t'];
let bench: Bench;
let account: TestServer & { url: string };
let folder: string;
let kinesis: KinesisClient;
let before: unknown;

beforeAll(async () => {
  [bench, account] = await Promise.all([startBench(), startMiniStack('AKIDLOAD')]);
  folder = mkdtempSync(join(tmpdir(), 'cmp-test-account-'));
  writeFileSync(
    join(folder, 'credentials'),
    `[load]\naws_access_key_id = AKIDLOAD\naws_secret_access_key = ${secret}\n[other]\naws_access_key_id = AKIDOTHER\naws_secret_access_key = ${secret}\n`,
  );
  const cluster = (name: string, own: object = {}) => ({
    name,
    technology: 'kinesis',
    region: 'us-east-1',
    endpointUrl: account.url,
    credentialsFile: 'credentials',
    profile: 'load',
    ...own,
  });
  bench.deps.clustersFile = join(folder, 'clusters.yaml');
  const clusters = [
    cluster('mine'),
    cluster('no-profile', { profile: 'nobody' }),
    cluster('somebody-else', { profile: 'other' }),
    cluster('away', { endpointUrl: `http://127.0.0.1:${await freePort()}` }),
  ];
  writeFileSync(bench.deps.clustersFile, stringify({ clusters }));
  inheritedEnvironment().COMPARATOR_CLUSTERS = bench.deps.clustersFile;
  kinesis = new KinesisClient({
    region: 'us-east-1',
    endpoint: account.url,
    // It takes no other's signature, such as that of the environment.
    credentials: { accessKeyId: 'AKIDLOAD', secretAccessKey: secret },
    requestHandler: new NodeHttpHandler(),
  });
  for (const name of others) {
    await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
    await until('it is active', async () => (await describeStream(name))?.StreamStatus === 'ACTIVE');
    await kinesis.send(
      new PutRecordCommand({ StreamName: name, PartitionKey: 'k', Data: Buffer.from('theirs') }),
    );
    const { StreamARN } = (await describeStream(name)) ?? {};
    await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'theirs' }));
  }
  before = await lookAtOthers();
}, 300_000);

afterAll(async () => {
  delete inheritedEnvironment().COMPARATOR_CLUSTERS;
  kinesis?.destroy();
  await account?.stop();
  await bench?.stop();
  if (folder) rmSync(folder, { recursive: true });
});

async function describeStream(name: string) {
  return (await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name })))
    .StreamDescriptionSummary;
}

async function lookAtOthers(): Promise<unknown> {
  return await Promise.all(
    others.map(async (name) => {
      const stream = await describeStream(name);
      const { Consumers } = await kinesis.send(
        new ListStreamConsumersCommand({ StreamARN: stream?.StreamARN }),
      );
      return { stream, Consumers };
    }),
  );
}

async function streams(): Promise<string[]> {
  return (await kinesis.send(new ListStreamsCommand({}))).StreamNames ?? [];
}

const streamOf = (ref: InfrastructureRef) => `cmp-test01-${ref.experimentId}`;
const experiment = (cluster = 'mine', settings: object = {}) =>
  bench.experiment('kinesis', { cluster, shards: 3, ...settings }, 'existing');

async function expectNothingLeft(ref: InfrastructureRef) {
  expect((await streams()).sort()).toEqual([...others].sort());
  expect(await inventory(bench.deps, ref)).toEqual([]);
  expect(await bench.stateObjects(ref)).toEqual([]);
  expect(existsSync(bench.runFolder(ref))).toBe(false);
  expect(await lookAtOthers()).toEqual(before);
}

test.each(['polling', 'enhanced-fan-out'])(
  'a stream of its own is made, measured by %s and deleted, and nothing else touched',
  async (consumer) => {
    const ref = experiment('mine', { consumer, retentionHours: 48 });
    const { endpoint, product } = await provision(bench.deps, ref, endlessAttempt);
    expect(endpoint).toEqual({ cluster: 'mine', streamName: streamOf(ref) });
    expect(product).toEqual({ name: 'Amazon Kinesis', version: null, emulated: true });
    expect(await describeStream(streamOf(ref))).toMatchObject({
      OpenShardCount: 3,
      RetentionPeriodHours: 48,
    });
    expect(await ownsInfrastructure(bench.deps, ref)).toBe(true);
    expect((await findExperiments(bench.deps)).ids).toContain(ref.experimentId);

    const all = new Collector(kinesisSettingsSchema.parse(ref.spec.settings), endpoint, 'session');
    try {
      await all.openConsumers(driver, 2);
      await all.send(await all.openProducer(driver), 100);
      await all.received(100);
      expect(all.arrivals).toHaveLength(100);
      expect(all.problems.join()).not.toContain(secret);
    } finally {
      await all.close();
    }
    expect(filesWith(bench.deps.home, secret)).toEqual([]);

    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  },
);

describe('terraform and its supervisor killed in mid-apply', () => {
  async function killedOnceThereIsAStream(): Promise<InfrastructureRef> {
    const ref = experiment();
    await killOnceThere(bench, ref, 'a stream', async () => (await streams()).includes(streamOf(ref)));
    return ref;
  }

  test('leave a stream that the destroy finds by its name', async () => {
    const ref = await killedOnceThereIsAStream();
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });

  test('leave what the next apply takes over, and makes whole', async () => {
    const ref = await killedOnceThereIsAStream();
    await provision(bench.deps, ref, endlessAttempt);
    expect(await ownsInfrastructure(bench.deps, ref)).toBe(true);
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });
});

describe('an account that does not let us in', () => {
  test.each([
    [
      'no-profile',
      InvalidInputError,
      /there are no credentials: .*nobody.*; check credentialsFile and profile/,
    ],
    ['somebody-else', InvalidInputError, /AWS refuses who we are: AccessDenied.*; check the credentials/],
    ['not-there', InvalidInputError, /not-there is no cluster of kinesis in the file/],
    ['away', TerraformFailedError, /it cannot be used: .*ECONNREFUSED/],
  ])('%s: nothing begins, and nothing has to be destroyed', async (cluster, kind, reason) => {
    const ref = experiment(cluster);
    const error = await provision(bench.deps, ref, endlessAttempt).catch((refusal: Error) => refusal);
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toMatch(reason);
    expect((error as Error).message).not.toContain(secret);
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });
});

/** Files below a folder in which a text is found. */
function filesWith(within: string, text: string): string[] {
  return readdirSync(within, { recursive: true, encoding: 'utf8' })
    .map((name) => join(within, name))
    .filter(
      (file) => statSync(file, { throwIfNoEntry: false })?.isFile() && readFileSync(file).includes(text),
    );
}
