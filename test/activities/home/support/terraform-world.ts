import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { endlessAttempt } from '../../../../activities/home/attempt.ts';
import { type InfrastructureDependencies, localLimits } from '../../../../activities/home/dependencies.ts';
import { provision } from '../../../../activities/home/provision.ts';
import { latestRun, type TerraformRun } from '../../../../activities/home/runs/terraform-run.ts';
import { inheritedEnvironment, projectRoot, readConfig } from '../../../../src/config.ts';
import { experimentSchema } from '../../../../src/contracts/input/experiment.ts';
import type { ProcessIdentity } from '../../../../src/contracts/storage/process.ts';
import {
  experimentEnvironment,
  type InfrastructureRef,
} from '../../../../src/contracts/temporal/infrastructure-activities.ts';
import { signalProcess } from '../../../../src/machine/end.ts';
import { type FoundProcess, findProcesses } from '../../../../src/machine/scan.ts';
import { startDetached } from '../../../../src/machine/start.ts';
import { writeCliConfiguration } from '../../../../src/stack/setup/terraform/terraform.ts';
import { toolPaths } from '../../../../src/stack/setup/tools.ts';
import { createObjectStore, createS3Client } from '../../../../src/storage/object-store.ts';
import type { Target } from '../../../../src/technologies/card.ts';
import type { TechnologyId } from '../../../../src/technologies/registry.ts';
import { until } from '../../../support/until.ts';
import { type Emulator, startEmulator } from './emulator.ts';

/** Real parts for infrastructure tests, in a home of their own, and the looks from outside that judge them. */
export interface Bench {
  deps: InfrastructureDependencies;
  emulator: Emulator;
  /** A reference to an experiment that no other test uses. */
  experiment(
    technology: TechnologyId,
    settings?: Record<string, unknown>,
    target?: Target,
  ): InfrastructureRef;
  runFolder(ref: InfrastructureRef): string;
  /** Provisions in a process of its own, which a test can kill. */
  provisionInChild(ref: InfrastructureRef): Promise<ProcessIdentity>;
  /** The experiment's last terraform run. */
  lastRun(ref: InfrastructureRef): TerraformRun | null;
  /** Every live process that was started for the experiment. */
  processes(ref: InfrastructureRef): FoundProcess[];
  /** Of the tests, past what is tested. */
  kinesis: KinesisClient;
  streams(): Promise<string[]>;
  stateObjects(ref: InfrastructureRef): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startBench(): Promise<Bench> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'comparator-terraform-')));
  const temporary = join(home, 'temporary');
  mkdirSync(temporary);
  const emulator = await startEmulator(home);
  const config = readConfig();
  const environment = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  Object.assign(inheritedEnvironment(), environment);
  const aws = { region: 'us-east-1', endpointUrl: emulator.url };
  const store = createObjectStore(createS3Client(aws), 'comparator-test');
  await store.ensureBucket();
  const kinesis = new KinesisClient({
    ...aws,
    endpoint: emulator.url,
    requestHandler: new NodeHttpHandler(),
  });
  const terraformCliConfig = writeCliConfiguration({ ...config, home });
  const runFolder = ({ experimentId }: InfrastructureRef) => join(home, 'experiments', experimentId);
  const refs: InfrastructureRef[] = [];
  const bench: Bench = {
    emulator,
    deps: {
      home,
      projectFolder: projectRoot,
      node: process.execPath,
      generatorEntry: fileURLToPath(new URL('./stand-in-generator.ts', import.meta.url)),
      tools: { ...toolPaths(config), terraformCliConfig },
      // A provider that is killed leaves its socket in the temporary folder.
      environment: { ...inheritedEnvironment(), AWS_CA_BUNDLE: undefined, TMPDIR: temporary },
      store,
      temporal: { address: '127.0.0.1:1', namespace: 'default' },
      aws,
      installationId: 'test01',
      cloud: config.cloud,
      clustersFile: null,
      limits: localLimits,
    },
    experiment(technology, settings = {}, target = 'local') {
      const spec = experimentSchema.parse({
        name: 'a test',
        technology,
        target,
        settings,
        workload: { load: { shape: 'constant', messagesPerSecond: 10 } },
        requirements: [],
      });
      const ref = { experimentId: `t-${randomUUID().slice(0, 13)}`, runId: randomUUID(), spec };
      refs.push(ref);
      return ref;
    },
    runFolder,
    provisionInChild(ref) {
      const { store: _, ...deps } = bench.deps;
      return startDetached({
        file: process.execPath,
        args: [
          fileURLToPath(new URL('./provision-child.ts', import.meta.url)),
          JSON.stringify({ deps, bucket: store.bucket, ref }),
        ],
        cwd: home,
        environment: inheritedEnvironment(),
        logFile: join(home, 'child.log'),
      });
    },
    kinesis,
    lastRun: (ref) => latestRun(runFolder(ref), join(runFolder(ref), 'runs'), hostname()),
    processes: (ref) => findProcesses(experimentEnvironment.runFolder, runFolder(ref)),
    async streams() {
      return (await kinesis.send(new ListStreamsCommand({}))).StreamNames ?? [];
    },
    stateObjects: ({ experimentId }) => store.list(`state/${experimentId}/`),
    async stop() {
      for (const ref of refs)
        for (const { identity } of bench.processes(ref)) signalProcess(identity, 'SIGKILL');
      kinesis.destroy();
      await emulator.stop();
      if (existsSync(home)) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return bench;
}

/** SIGKILL for supervisor, terraform and its providers, but not for what it has launched: as a machine's worst moment. */
export function killEverything(bench: Bench, ref: InfrastructureRef): void {
  const run = bench.lastRun(ref);
  if (!run?.liveTerraform) throw new Error('no terraform is alive: the fault would miss its phase');
  signalProcess(run.claim.supervisor, 'SIGKILL');
  signalProcess(run.liveTerraform, 'SIGKILL');
  for (const helper of run.helpers) signalProcess(helper, 'SIGKILL');
}

/** Provisions, and kills everything as soon as something is there that the state does not know of yet. */
export async function killOnceThere(
  bench: Bench,
  ref: InfrastructureRef,
  what: string,
  isThere: () => Promise<boolean>,
): Promise<void> {
  const first = provision(bench.deps, ref, endlessAttempt).catch((error) => error);
  // It stands for a moment only before terraform goes on.
  await until(what, isThere, { timeoutMs: 150_000, everyMs: 2 });
  killEverything(bench, ref);
  const { message } = (await first) as Error;
  if (!/was killed/.test(message)) throw new Error(`terraform ended otherwise: ${message}`);
}
