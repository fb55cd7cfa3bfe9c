import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { execa } from 'execa';
import { endlessAttempt } from '../../../activities/home/attempt.ts';
import { destroy } from '../../../activities/home/destroy.ts';
import { OperatorNeededError } from '../../../activities/home/errors.ts';
import { findExperiments } from '../../../activities/home/find-experiments.ts';
import { readLock } from '../../../activities/home/folder/lock-info.ts';
import { identifyExperiment } from '../../../activities/home/identify.ts';
import { inventory } from '../../../activities/home/inventory.ts';
import { ownsInfrastructure, provision } from '../../../activities/home/provision.ts';
import { runFiles } from '../../../activities/home/runs/terraform-run.ts';
import { parseStateOrNull } from '../../../activities/home/state/terraform-state.ts';
import { cloudResources } from '../../../src/analysis/plan/cloud-resources.ts';
import { readConfig } from '../../../src/config.ts';
import { s3Keys } from '../../../src/contracts/storage/s3-keys.ts';
import type { InfrastructureRef } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { signalProcess } from '../../../src/machine/end.ts';
import { toolPaths } from '../../../src/stack/setup/tools.ts';
import type { TechnologyId } from '../../../src/technologies/registry.ts';
import { type Bench, killEverything, startBench } from '../../activities/home/support/terraform-world.ts';
import { until } from '../../support/until.ts';

interface Thing {
  kind: string;
  name: string;
  /** What AWS knows it by, where that is not its name. */
  id: string;
}

/** A technology on AWS, and what the suite must know of it. */
interface Subject {
  technology: TechnologyId;
  settings: Record<string, unknown>;
  /** After how many resources an apply is killed; fewer than it makes. */
  killedAfter: number[];
  /** What a provision tells beside the load generators, by the name of the experiment's things. */
  output(name: string): object;
  /** Settings that what is there tells of, with which it was made. */
  recalled: Record<string, unknown>;
}

let bench: Bench;

/** The oracle: what the account has, by AWS's own Python client, whatever a state or the inventory says. */
async function whole(): Promise<Thing[]> {
  const script = fileURLToPath(new URL('./account.py', import.meta.url));
  const python = toolPaths(readConfig()).ministackPython;
  const { stdout } = await execa(python, [script, bench.emulator.url]);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Thing);
}

/** What was there before a test is another's. */
let before = new Set<string>();

async function account(): Promise<Thing[]> {
  return (await whole()).filter(({ kind, id }) => !before.has(`${kind} ${id}`));
}

/** A terraform of another on this machine may hold any lock: then a person confirms that ours is dead, as it is here. */
async function destroyed(ref: InfrastructureRef): Promise<void> {
  try {
    await destroy(bench.deps, ref, endlessAttempt);
  } catch (error) {
    if (!(error instanceof OperatorNeededError)) throw error;
    const lock = await readLock(bench.deps.store, ref.experimentId);
    await destroy(bench.deps, { ...ref, ...(lock ? { breakLock: lock.ID } : {}) }, endlessAttempt);
  }
}

/** As the inventory calls it. */
function calledBy({ kind, id }: Thing): string {
  const isByName = id.startsWith('arn:') && kind !== 'task-definition';
  return `${kind} ${isByName ? id.slice(id.indexOf('/') + 1) : id}`;
}

/** What goes with a VPC, which the inventory lists instead. */
const ofVpc = (thing: Thing) =>
  thing.kind === 'route-table' || (thing.kind === 'security-group' && thing.name === 'default');

async function inventoryOf(ref: InfrastructureRef): Promise<string[]> {
  const items = await inventory(bench.deps, ref);
  return items
    .filter(({ kind }) => kind !== 'state-lock' && kind !== 'process')
    .map(({ kind, name }) => `${kind} ${name}`);
}

/** Resources whose creation has begun, or ended, by terraform's own journal; it reads data sources likewise. */
function created(ref: InfrastructureRef, type: 'apply_start' | 'apply_complete'): number {
  const run = bench.lastRun(ref);
  if (!run) return 0;
  const journal = readFileSync(runFiles(`${bench.runFolder(ref)}/runs`, run.claim.number).journal, 'utf8');
  return journal
    .split('\n')
    .filter((line) => line.includes(`"type":"${type}"`) && line.includes('"action":"create"')).length;
}

function experimentOf({ technology, settings }: Subject, more: object = {}): InfrastructureRef {
  const ref = bench.experiment(technology, { ...settings, ...more }, 'aws');
  const workload = { ...ref.spec.workload, producers: 2, generators: 2 };
  return { ...ref, spec: { ...ref.spec, workload } };
}

/**
 * A placement on MiniStack, which has EC2, ECS, IAM, logs and Kinesis; the root's apply is killed with its supervisor, as
 * by a machine that is lost. What the emulator does not have is AWS's pace, and its order of what must go before what.
 */
export function adoptionSuite(subject: Subject): void {
  // An import takes the AWS provider seconds, and there may be nearly twenty.
  jest.setTimeout(580_000);

  beforeAll(async () => {
    bench = await startBench();
    bench.deps.cloud = {
      accounts: ['000000000000'],
      regions: ['us-east-1'],
      image: `example.com/comparator@sha256:${'0'.repeat(64)}`,
      secretArns: {},
      network: null,
      problem: null,
    };
  });
  beforeEach(async () => {
    before = new Set((await whole()).map(({ kind, id }) => `${kind} ${id}`));
  });
  afterAll(async () => {
    await bench?.stop();
  });

  test('it is made, owned, found whole, and gone after a destroy', async () => {
    const ref = experimentOf(subject);
    const output = await provision(bench.deps, ref, endlessAttempt);
    expect(output).toMatchObject({ generators: 2, ...subject.output(`cmp-test01-${ref.experimentId}`) });
    expect(await ownsInfrastructure(bench.deps, ref)).toBe(true);
    const there = (await account()).filter((thing) => !ofVpc(thing)).map(calledBy);
    expect((await inventoryOf(ref)).sort()).toEqual(there.sort());
    expect((await findExperiments(bench.deps)).ids).toContain(ref.experimentId);
    // What a dry run lists is what was made.
    const state = await bench.deps.store.getText(s3Keys.terraformState(ref.experimentId));
    const [listed] = cloudResources([ref.spec], true);
    expect(parseStateOrNull(state ?? '')?.addresses.sort()).toEqual(listed?.addresses.sort());

    await destroy(bench.deps, ref, endlessAttempt);
    expect(await account()).toEqual([]);
    expect(await inventoryOf(ref)).toEqual([]);
    expect(await bench.stateObjects(ref)).toEqual([]);
  });

  test.each(subject.killedAfter)(
    'an apply killed after %d resources is found whole, adopted, and destroyed',
    async (after) => {
      const ref = experimentOf(subject);
      const child = await bench.provisionInChild(ref);
      await until(
        `${after} resources are made`,
        () => created(ref, 'apply_start') > 0 && created(ref, 'apply_complete') >= after,
        {
          timeoutMs: 200_000,
          everyMs: 20,
        },
      );
      killEverything(bench, ref);
      signalProcess(child, 'SIGKILL');
      const left = await account();
      const there = left.filter((thing) => !ofVpc(thing)).map(calledBy);
      expect((await inventoryOf(ref)).sort()).toEqual(there.sort());
      if (there.length > 0) expect((await findExperiments(bench.deps)).ids).toContain(ref.experimentId);

      await destroyed(ref);
      expect(await account()).toEqual([]);
      expect(await bench.stateObjects(ref)).toEqual([]);
    },
  );

  test('with its state, its record and its run folder lost, it is known by what is there, and destroyed', async () => {
    const ref = experimentOf(subject, subject.recalled);
    await provision(bench.deps, ref, endlessAttempt);
    const { experimentId } = ref;
    await bench.deps.store.delete(await bench.stateObjects(ref));
    const lost = { ...bench.deps, home: `${bench.deps.home}/another` };
    const spec = await identifyExperiment(lost, experimentId);
    expect(spec).toMatchObject({
      technology: subject.technology,
      target: 'aws',
      region: 'us-east-1',
      settings: subject.recalled,
      workload: { generators: 2 },
    });
    if (!spec) return;
    await destroy(lost, { ...ref, spec }, endlessAttempt);
    expect(await account()).toEqual([]);
  });
}
