import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { endlessAttempt } from '../../../activities/home/attempt.ts';
import { destroy } from '../../../activities/home/destroy.ts';
import { OperatorNeededError, TerraformFailedError } from '../../../activities/home/errors.ts';
import { findExperiments } from '../../../activities/home/find-experiments.ts';
import { identifyExperiment } from '../../../activities/home/identify.ts';
import { inventory } from '../../../activities/home/inventory.ts';
import { ownsInfrastructure, provision } from '../../../activities/home/provision.ts';
import type { InfrastructureRef } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { InvalidInputError } from '../../../src/temporal/activity-error.ts';
import { type SecuredNats, startSecuredNats } from '../../loadgen/support/secured-nats.ts';
import { until } from '../../support/until.ts';
import { type Bench, killOnceThere, startBench } from './support/terraform-world.ts';

/** A user's own servers, which ask for TLS and a password, and hold streams of others. */

jest.setTimeout(300_000);

const others = ['orders', 'cmp-test01', 'cmp-other1-t-0123456789', 'cmp-test01-t'];
let bench: Bench;
let nats: SecuredNats;
let before: unknown;

beforeAll(async () => {
  [bench, nats] = await Promise.all([startBench(), startSecuredNats()]);
  bench.deps.clustersFile = nats.clustersFile;
  const { connection, manager } = nats.theirs;
  for (const name of others) {
    await manager.streams.add({ name, subjects: [`of.${name}`] });
    await manager.consumers.add(name, { durable_name: 'theirs' });
    await jetstream(connection).publish(`of.${name}`, 'theirs');
  }
  before = await lookAtOthers();
}, 300_000);

beforeEach(() => nats.setPassword('right'));

afterAll(async () => {
  await nats?.stop();
  await bench?.stop();
});

async function lookAtOthers(): Promise<unknown> {
  const { manager } = nats.theirs;
  return await Promise.all(
    others.map(async (name) => {
      const { config, state, created } = await manager.streams.info(name);
      const consumer = await manager.consumers.info(name, 'theirs');
      return { config, state, created, consumer: { ...consumer, ts: null } };
    }),
  );
}

async function streams(): Promise<string[]> {
  const names: string[] = [];
  for await (const name of nats.theirs.manager.streams.names()) names.push(name);
  return names;
}

const streamOf = (ref: InfrastructureRef) => `cmp-test01-${ref.experimentId}`;
const experiment = (cluster = 'password') => bench.experiment('nats', { cluster, subjects: 3 }, 'existing');

async function expectNothingLeft(ref: InfrastructureRef) {
  expect((await streams()).sort()).toEqual([...others].sort());
  expect(await inventory(bench.deps, ref)).toEqual([]);
  expect(await bench.stateObjects(ref)).toEqual([]);
  expect(existsSync(bench.runFolder(ref))).toBe(false);
  expect(bench.processes(ref)).toEqual([]);
  expect(await lookAtOthers()).toEqual(before);
}

test('a stream of its own is made and deleted, and nothing else touched', async () => {
  const ref = experiment();
  const { endpoint, product } = await provision(bench.deps, ref, endlessAttempt);
  expect(endpoint).toEqual({
    cluster: 'password',
    stream: streamOf(ref),
    subjectPrefix: streamOf(ref),
  });
  expect(product).toEqual({ name: 'NATS Server', version: null });
  const { config } = await nats.theirs.manager.streams.info(streamOf(ref));
  expect(config.subjects).toEqual([0, 1, 2].map((number) => `${streamOf(ref)}.${number}`));
  expect(await ownsInfrastructure(bench.deps, ref)).toBe(true);
  expect(await inventory(bench.deps, ref)).toContainEqual({
    kind: 'stream',
    name: streamOf(ref),
    description: 'JetStream stream, listed by the cluster password',
  });
  expect((await findExperiments(bench.deps)).ids).toContain(ref.experimentId);
  expect(filesWith(bench.deps.home, nats.secrets)).toEqual([]);
  expect(await objectsWith(nats.secrets)).toEqual([]);

  await destroy(bench.deps, ref, endlessAttempt);
  await expectNothingLeft(ref);
});

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

test('a stream whose experiment, record and state are lost is known by its name, and destroyed', async () => {
  const ref = experiment();
  await nats.theirs.manager.streams.add({ name: streamOf(ref), subjects: [`${streamOf(ref)}.*`] });
  await until(
    'it is listed',
    async () => (await findExperiments(bench.deps)).ids.includes(ref.experimentId),
    {
      timeoutMs: 30_000,
    },
  );
  const spec = await identifyExperiment(bench.deps, ref.experimentId);
  expect(spec).toMatchObject({ technology: 'nats', target: 'existing' });
  if (!spec) return;
  await destroy(bench.deps, { ...ref, spec }, endlessAttempt);
  await expectNothingLeft(ref);
});

test('a stream whose subjects are those of another is refused with the reason', async () => {
  const ref = experiment();
  await nats.theirs.manager.streams.add({ name: 'everything', subjects: [`${streamOf(ref)}.*`] });
  const error = await provision(bench.deps, ref, endlessAttempt).catch((refusal: Error) => refusal);
  expect(JSON.stringify([(error as Error).message, error])).toMatch(
    /subjects overlap with an existing stream/,
  );
  await nats.theirs.manager.streams.delete('everything');
  await destroy(bench.deps, ref, endlessAttempt);
  await expectNothingLeft(ref);
});

describe('servers that do not let us in', () => {
  test.each([
    ['wrong-password', InvalidInputError, /the servers refuse who we are: /],
    ['wrong-certificate', InvalidInputError, /TLS failed: (self-signed|unable to verify)/],
    ['limited', InvalidInputError, /permissions violation.*let the user publish and subscribe to/i],
    ['no-jetstream', InvalidInputError, /JetStream is not enabled there; enable it for the account/],
    [
      'not-there',
      InvalidInputError,
      /not-there is no cluster of nats in the file that COMPARATOR_CLUSTERS names/,
    ],
    ['away', TerraformFailedError, /it cannot be reached: /],
  ])('%s: nothing begins, and nothing has to be destroyed', async (cluster, kind, reason) => {
    const ref = experiment(cluster);
    const error = await provision(bench.deps, ref, endlessAttempt).catch((refusal: Error) => refusal);
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toMatch(reason);
    expect((error as Error).message).not.toMatch(nats.secrets);
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });

  test('any more are not taken for empty: a person is asked, and once they do, all is destroyed', async () => {
    const ref = experiment();
    await provision(bench.deps, ref, endlessAttempt);
    nats.setPassword('wrong');
    const error = await destroy(bench.deps, ref, endlessAttempt).catch((refusal: Error) => refusal);
    expect(error).toBeInstanceOf(OperatorNeededError);
    expect((error as OperatorNeededError).reason).toMatch(
      /password cannot be asked: the servers refuse who we are/,
    );
    expect(await inventory(bench.deps, ref)).toContainEqual({
      kind: 'stream',
      name: streamOf(ref),
      description: expect.stringMatching(
        /^JetStream stream that may still be there, for the cluster password cannot/,
      ),
    });
    expect(await streams()).toContain(streamOf(ref));
    nats.setPassword('right');
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });
});

test('a name that leads to other servers by now is not taken for empty: a person is asked', async () => {
  const ref = experiment();
  await provision(bench.deps, ref, endlessAttempt);
  const others = await startSecuredNats();
  try {
    bench.deps.clustersFile = others.clustersFile;
    const error = await destroy(bench.deps, ref, endlessAttempt).catch((refusal: Error) => refusal);
    expect(error).toBeInstanceOf(OperatorNeededError);
    expect((error as OperatorNeededError).reason).toMatch(
      /^the cluster password was at \S+:\d+ when the experiment began, and is said to be at \S+:\d+ now$/,
    );
    expect(await inventory(bench.deps, ref)).toContainEqual({
      kind: 'stream',
      name: streamOf(ref),
      description: expect.stringMatching(
        /^JetStream stream that may still be there, for the cluster password was at/,
      ),
    });
  } finally {
    bench.deps.clustersFile = nats.clustersFile;
    await others.stop();
  }
  await destroy(bench.deps, ref, endlessAttempt);
  await expectNothingLeft(ref);
});

/** Files below a folder in which a text is found. */
function filesWith(folder: string, text: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter(
      (file) =>
        statSync(file, { throwIfNoEntry: false })?.isFile() && text.test(readFileSync(file, 'latin1')),
    );
}

async function objectsWith(text: RegExp): Promise<string[]> {
  const { store } = bench.deps;
  const keys = await store.list('');
  const bodies = await Promise.all(keys.map((key) => store.getText(key)));
  return keys.filter((_, index) => text.test(bodies[index] ?? ''));
}
