import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import kafkajs from 'kafkajs';
import { type Attempt, endlessAttempt } from '../../../activities/home/attempt.ts';
import { destroy } from '../../../activities/home/destroy.ts';
import { OperatorNeededError, type TerraformFailedError } from '../../../activities/home/errors.ts';
import { inventory } from '../../../activities/home/inventory.ts';
import { ownsInfrastructure, provision } from '../../../activities/home/provision.ts';
import { isTerraform, listRuns } from '../../../activities/home/runs/terraform-run.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import type { InfrastructureRef } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { endProcess, signalProcess } from '../../../src/machine/end.ts';
import { isAlive } from '../../../src/machine/identity.ts';
import { findLaunched } from '../../../src/machine/launched.ts';
import { AttemptCancelledError, AttemptLostError } from '../../../src/temporal/activity-error.ts';
import type { AttemptEnding } from '../../../src/temporal/cancellation.ts';
import { until } from '../../support/until.ts';
import { type Bench, startBench } from './support/terraform-world.ts';

// Real brokers on a busy machine take their time.
jest.setTimeout(150_000);

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(async () => {
  await bench.stop();
});

/** The oracle: what is there on the machine and in S3, whatever the state says. */
async function expectNothingLeft(ref: InfrastructureRef) {
  expect(bench.processes(ref).map(({ args }) => args.join(' '))).toEqual([]);
  expect(await bench.stateObjects(ref)).toEqual([]);
  expect(existsSync(bench.runFolder(ref))).toBe(false);
  expect(await inventory(bench.deps, ref)).toEqual([]);
}

/** An attempt that a test can end. */
function endableAttempt() {
  let ending: AttemptEnding | null = null;
  const attempt: Attempt = { ending: () => ending, report: () => {} };
  return {
    attempt,
    end(how: AttemptEnding) {
      ending = how;
    },
  };
}

const brokerStarts = (ref: InfrastructureRef) =>
  until('a broker starts', () =>
    findLaunched(bench.runFolder(ref)).some(({ name, kind }) => name === 'broker-1' && kind === 'process'),
  );

it('starts nothing for what cannot fit on the disk', async () => {
  const { spec, ...ref } = bench.experiment('kafka');
  const load = { shape: 'constant' as const, messagesPerSecond: 1_000_000 };
  const workload = { ...spec.workload, load, messageSizeBytes: 1_000_000, durationSeconds: 86_400 };
  const huge = { ...ref, spec: { ...spec, workload } };
  await expect(provision(bench.deps, huge, endlessAttempt)).rejects.toThrow('GB on the disk, of which');
  expect(bench.lastRun(huge)).toBeNull();
  await destroy(bench.deps, huge, endlessAttempt);
  await expectNothingLeft(huge);
});

function killTerraform(ref: InfrastructureRef, { supervisor }: { supervisor: boolean }) {
  const run = bench.lastRun(ref);
  if (!run?.liveTerraform) throw new Error('no terraform is alive: the fault would miss its phase');
  if (supervisor) signalProcess(run.claim.supervisor, 'SIGKILL');
  signalProcess(run.liveTerraform, 'SIGKILL');
}

/** Live terraforms, without children of theirs that have been forked and not yet become another program. */
function terraforms(ref: InfrastructureRef) {
  const found = bench.processes(ref).filter(isTerraform);
  const pids = found.map(({ identity }) => identity.pid);
  return found.filter(({ identity }) => !pids.includes(parentOf(identity.pid)));
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    // It has ended since.
    return Number.NaN;
  }
}

describe('Kafka on this machine', () => {
  it('is provisioned with its topic, listed, and destroyed', async () => {
    const ref = bench.experiment('kafka', {
      brokers: 2,
      partitions: 6,
      replicationFactor: 2,
      heapMegabytes: 256,
      serverProperties: { 'num.io.threads': 4, 'log.cleanup.policy': 'delete' },
    });
    const output = await provision(bench.deps, ref, endlessAttempt);
    expect(output).toMatchObject({
      generators: 1,
      product: { name: 'Apache Kafka', version: '4.3.1' },
      terraform: { version: expect.stringMatching(/^1\./), providers: {} },
    });
    const { bootstrapServers, topic } = output.endpoint as { bootstrapServers: string[]; topic: string };
    expect(bootstrapServers).toHaveLength(2);
    const admin = new kafkajs.Kafka({
      brokers: bootstrapServers,
      logLevel: kafkajs.logLevel.NOTHING,
    }).admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    await admin.disconnect();
    expect(topics[0]?.partitions).toHaveLength(6);
    expect(topics[0]?.partitions[0]?.replicas).toHaveLength(2);

    expect(await ownsInfrastructure(bench.deps, ref)).toBe(true);
    expect(await ownsInfrastructure(bench.deps, { ...ref, runId: 'another run' })).toBe(false);
    const kinds = (await inventory(bench.deps, ref)).map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['folder', 'folder', 'process', 'process', 'process']);

    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
    expect(await ownsInfrastructure(bench.deps, ref)).toBe(false);
    const keys = await bench.deps.store.list(s3Keys.journals(ref.experimentId, ref.runId));
    expect(keys.map((key) => key.replace(/.*-/, ''))).toEqual(['apply.ndjson', 'destroy.ndjson']);
    // Again, with nothing there: fine.
    await destroy(bench.deps, ref, endlessAttempt);
  });

  it('is destroyed by the root and the variables of its own release, whatever its spec has', async () => {
    const ref = bench.experiment('kafka');
    await provision(bench.deps, ref, endlessAttempt);
    const root = `${bench.runFolder(ref)}/terraform/kafka/local`;
    for (const name of readdirSync(root).filter((one) => /\.tf$|tfvars/.test(one))) {
      const text = readFileSync(`${root}/${name}`, 'utf8');
      writeFileSync(`${root}/${name}`, text.replaceAll('broker_ports', 'broker_ports_of_old'));
    }
    const spec = {
      ...ref.spec,
      settings: { brokers: 'three', ofOld: 1 },
      workload: { ofOld: true },
    } as never;
    expect((await inventory(bench.deps, { ...ref, spec })).length).toBeGreaterThan(0);
    await destroy(bench.deps, { ...ref, spec }, endlessAttempt);
    await expectNothingLeft(ref);
  });

  it('is destroyed without its folder, whatever its spec has', async () => {
    const ref = bench.experiment('kafka');
    await provision(bench.deps, ref, endlessAttempt);
    for (const { identity } of bench.processes(ref)) signalProcess(identity, 'SIGKILL');
    rmSync(bench.runFolder(ref), { recursive: true });
    const spec = {
      ...ref.spec,
      settings: { brokers: 'three', ofOld: 1 },
      workload: { ofOld: true },
    } as never;
    await destroy(bench.deps, { ...ref, spec }, endlessAttempt);
    await expectNothingLeft(ref);
  });

  it('is destroyed also when a loss of power has left nothing of its records, its state and its lock', async () => {
    const ref = bench.experiment('kafka');
    await provision(bench.deps, ref, endlessAttempt);
    const runs = `${bench.runFolder(ref)}/runs`;
    for (const name of readdirSync(runs).filter((one) => one.endsWith('.json'))) {
      writeFileSync(`${runs}/${name}`, '');
    }
    writeFileSync(`${bench.runFolder(ref)}/operation.json`, '');
    expect(bench.lastRun(ref)?.state).toBe('vanished');
    expect(await ownsInfrastructure(bench.deps, ref)).toBe(false);
    const { store } = bench.deps;
    await store.put(s3Keys.terraformState(ref.experimentId), '{"version":4,');
    await store.put(s3Keys.terraformLock(ref.experimentId), '');
    await expect(destroy(bench.deps, ref, endlessAttempt)).rejects.toThrow(OperatorNeededError);
    await destroy(bench.deps, { ...ref, breakLock: 'unreadable' }, endlessAttempt);
    await expectNothingLeft(ref);
    const kept = await store.list(`experiments/${ref.experimentId}/unreadable/`);
    expect(kept.map((key) => key.replace(/.*\/\w+-/, '')).sort()).toEqual([
      'terraform.tfstate',
      'terraform.tfstate.tflock',
    ]);
  });

  it('is provisioned again when its records and its state are lost', async () => {
    const ref = bench.experiment('kafka');
    await provision(bench.deps, ref, endlessAttempt);
    writeFileSync(`${bench.runFolder(ref)}/runs/0001.claim.json`, '');
    await bench.deps.store.put(s3Keys.terraformState(ref.experimentId), '');
    await provision(bench.deps, ref, endlessAttempt);
    expect(await ownsInfrastructure(bench.deps, ref)).toBe(true);
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });

  it('says in terraform’s diagnostics what the broker said before it died', async () => {
    const ref = bench.experiment('kafka');
    const { tools, home } = bench.deps;
    // No setting that is accepted makes a broker refuse to start, so a Java stands between that does.
    const java = join(home, 'java');
    const refusing = `case "$*" in *' kafka.Kafka '*) echo 'no memory for a map' >&2; exit 1;; esac`;
    writeFileSync(java, `#!/bin/sh\n${refusing}\nexec '${tools.java}' "$@"\n`, { mode: 0o755 });
    const deps = { ...bench.deps, tools: { ...tools, java } };
    const failure = (await provision(deps, ref, endlessAttempt).catch(
      (error) => error,
    )) as TerraformFailedError;
    expect(failure.message).toBe('terraform apply failed with exit code 1: local-exec provisioner error');
    expect(failure.diagnostics[0]?.address).toBe('module.brokers.terraform_data.process["broker-1"]');
    expect(failure.diagnostics[0]?.detail).toContain('no memory for a map');
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });

  it('is taken over by the next attempt when its worker is killed during the apply', async () => {
    const ref = bench.experiment('kafka');
    const worker = await bench.provisionInChild(ref);
    await brokerStarts(ref);
    await endProcess(worker, { signal: 'SIGKILL' });
    expect(bench.lastRun(ref)?.state).toBe('supervised');
    await provision(bench.deps, ref, endlessAttempt);
    expect(listRuns(`${bench.runFolder(ref)}/runs`)).toEqual([1]);

    // And once more, as if the worker had died before it could tell the result.
    await provision(bench.deps, ref, endlessAttempt);
    expect(listRuns(`${bench.runFolder(ref)}/runs`)).toEqual([1]);
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });

  it('goes on without its supervisor, whose result is then read from the journal', async () => {
    const ref = bench.experiment('kafka');
    const provisioning = provision(bench.deps, ref, endlessAttempt);
    await brokerStarts(ref);
    const run = bench.lastRun(ref);
    if (!run?.liveTerraform) throw new Error('no terraform is alive: the fault would miss its phase');
    signalProcess(run.claim.supervisor, 'SIGKILL');
    await until('the run is an orphan', () => bench.lastRun(ref)?.state !== 'supervised');
    expect(bench.lastRun(ref)?.state).toBe('orphaned');
    expect(await provisioning).toMatchObject({ generators: 1 });
    expect(bench.lastRun(ref)?.state).toBe('vanished');
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });

  it('leaves nothing when terraform and its supervisor are killed during the apply', async () => {
    const ref = bench.experiment('kafka');
    const provisioning = provision(bench.deps, ref, endlessAttempt).catch((error) => error);
    await brokerStarts(ref);
    killTerraform(ref, { supervisor: true });
    expect(((await provisioning) as Error).message).toMatch(
      /^terraform apply was killed, and its supervisor with it/,
    );
    expect(await bench.stateObjects(ref)).toContain(s3Keys.terraformLock(ref.experimentId));
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });

  it('never breaks a lock whose holder may live, until a person confirms', async () => {
    const ref = bench.experiment('kafka');
    const lockKey = s3Keys.terraformLock(ref.experimentId);
    const lock = {
      ID: '7d0f9c1e-0000-4000-8000-000000000001',
      Operation: 'OperationTypeApply',
      Who: `somebody@not-${hostname()}`,
      Version: '1.11.4',
      Created: new Date().toISOString(),
      Path: `${bench.deps.store.bucket}/${s3Keys.terraformState(ref.experimentId)}`,
      Info: '',
    };
    await bench.deps.store.putJson(lockKey, lock);
    await expect(provision(bench.deps, ref, endlessAttempt)).rejects.toThrow(OperatorNeededError);
    await expect(destroy(bench.deps, ref, endlessAttempt)).rejects.toThrow(OperatorNeededError);
    expect(await bench.deps.store.getJson(lockKey)).toEqual(lock);
    expect((await inventory(bench.deps, ref)).map(({ kind }) => kind)).toEqual(['state-lock']);
    await destroy(bench.deps, { ...ref, breakLock: lock.ID }, endlessAttempt);
    await expectNothingLeft(ref);
  });

  it('has one terraform at most, however many attempts there are', async () => {
    const ref = bench.experiment('kafka');
    let most = 0;
    const watching = setInterval(() => {
      most = Math.max(most, terraforms(ref).length);
    }, 25);
    const attempts = await Promise.allSettled([
      provision(bench.deps, ref, endlessAttempt),
      provision(bench.deps, ref, endlessAttempt),
    ]);
    clearInterval(watching);
    expect(most).toBe(1);
    for (const { status, reason } of attempts as PromiseRejectedResult[]) {
      if (status === 'rejected') expect(reason).toBeInstanceOf(AttemptLostError);
    }
    // Whoever comes next finds it standing.
    await provision(bench.deps, ref, endlessAttempt);
    expect(await ownsInfrastructure(bench.deps, ref)).toBe(true);
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });

  it('ends a cancelled apply in order, then destroys', async () => {
    const ref = bench.experiment('kafka');
    const { attempt, end } = endableAttempt();
    const provisioning = provision(bench.deps, ref, attempt).catch((error) => error);
    await brokerStarts(ref);
    end('cancelled');
    expect(await provisioning).toBeInstanceOf(AttemptCancelledError);
    const run = bench.lastRun(ref);
    expect(run?.exit).toMatchObject({ succeeded: true, stopped: null });
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });

  it('stops a cancelled apply with one SIGINT once its grace is over', async () => {
    const ref = bench.experiment('kafka');
    const { attempt, end } = endableAttempt();
    const deps = { ...bench.deps, limits: { ...bench.deps.limits, cancelGraceMs: 0 } };
    const provisioning = provision(deps, ref, attempt).catch((error) => error);
    await brokerStarts(ref);
    end('cancelled');
    expect(await provisioning).toBeInstanceOf(AttemptCancelledError);
    expect(bench.lastRun(ref)?.exit).toMatchObject({ succeeded: false, stopped: 'asked' });
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });

  it('leaves terraform alone when the attempt is lost, and an apply that comes too late starts nothing', async () => {
    const ref = bench.experiment('kafka');
    const { attempt, end } = endableAttempt();
    const provisioning = provision(bench.deps, ref, attempt).catch((error) => error);
    await brokerStarts(ref);
    end('lost');
    expect(await provisioning).toBeInstanceOf(AttemptLostError);
    const run = bench.lastRun(ref);
    expect(run?.liveTerraform && isAlive(run.liveTerraform)).toBe(true);
    await expect(provision(bench.deps, ref, attempt)).rejects.toThrow(AttemptLostError);
    // The destroy waits for the apply that still runs.
    await destroy(bench.deps, ref, endlessAttempt);
    await expectNothingLeft(ref);
  });
});
