import { type ChildProcess, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import { execa } from 'execa';
import { inheritedEnvironment, projectRoot, readConfig } from '../../src/config.ts';
import { awsKeys } from '../../src/stack/processes/aws-keys.ts';
import { ensureTools } from '../../src/stack/setup/ensure.ts';
import { findProviders, mirrorFolders } from '../../src/stack/setup/terraform/mirror.ts';
import { type RunningStack, startStack } from '../../src/stack/stack.ts';
import { freePort } from './free-port.ts';
import { imageOf } from './image.ts';
import { until } from './until.ts';

/** A process that an image would run. */
export interface Container {
  target: string;
  child: ChildProcess;
  output(): string;
  /** By the image's own health check. */
  isHealthy(): Promise<boolean>;
  untilHealthy(): Promise<void>;
  /** Sends SIGTERM; it must end well within that time. */
  endInOrder(withinMs: number): Promise<void>;
}

/** What containers of one machine share here. */
export interface ContainerHost {
  stack: RunningStack;
  folder: string;
  /** The worker's volume. */
  home: string;
  /** The tools of this machine, and a folder for bundles of workflows of its own. */
  tools: string;
  /**
   * Starts the process of a target.
   * @param own environment, over the image's
   * @param command in place of the image's, as docker-compose.yml has it
   */
  start(target: string, own?: Record<string, string>, command?: string[]): Container;
  startWorker(): Promise<Container>;
  /** Runs a program of an image to its end. */
  run(target: string, command: string[]): Promise<{ exitCode?: number; stderr: string }>;
  end(): Promise<void>;
}

/**
 * Servers, and a place for processes of the images: no engine runs here, so they are started as the Dockerfile says, with
 * the same arguments and the same environment but for where folders, ports and programs of this machine are.
 */
export async function startContainerHost(): Promise<ContainerHost> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'comparator-image-')));
  const [home, tools] = [join(folder, 'home'), join(folder, 'tools')];
  for (const made of [home, tools]) mkdirSync(made);
  const config = readConfig({
    ...inheritedEnvironment(),
    COMPARATOR_HOME: join(folder, 'servers'),
    COMPARATOR_PORT: '1', // not started here
    TEMPORAL_ADDRESS: '',
    AWS_ENDPOINT_URL: '',
  });
  await ensureTools(config, () => {});
  for (const name of readdirSync(config.tools)) {
    if (name !== 'workflows') symlinkSync(join(config.tools, name), join(tools, name));
  }
  const stack = await startStack(config, { processes: ['aws', 'temporal'], report: () => {} });
  const keys = awsKeys(config);
  const [mirror = ''] = mirrorFolders(config.terraformMirror).filter((one) => findProviders(one).length > 0);
  const here: Record<string, string> = {
    // Beyond loopback there is nobody to serve here.
    COMPARATOR_HOST: '127.0.0.1',
    COMPARATOR_TOOLS: tools,
    COMPARATOR_TERRAFORM_MIRROR: mirror,
    COMPARATOR_READY_FILE: join(folder, 'ready'),
    JAVA_HOME: inheritedEnvironment().JAVA_HOME ?? '',
  };
  const environmentOf = (target: string, own: Record<string, string> = {}): Record<string, string> => ({
    ...imageOf(target).environment,
    ...Object.fromEntries(Object.entries(here).filter(([name]) => name in imageOf(target).environment)),
    COMPARATOR_HOME: target === 'worker' ? home : join(folder, target),
    HOME: folder,
    PATH: [dirname(process.execPath), inheritedEnvironment().PATH].join(delimiter),
    TEMPORAL_ADDRESS: stack.description.temporal.address,
    AWS_ENDPOINT_URL: stack.description.aws.url,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...own,
  });
  const running: ChildProcess[] = [];
  const start: ContainerHost['start'] = (target, own, command = imageOf(target).command) => {
    const environment = environmentOf(target, own);
    const logFile = join(folder, `${target}-${running.length}.log`);
    const container = startContainer(target, command, environment, logFile);
    running.push(container.child);
    return container;
  };
  return {
    stack,
    folder,
    home,
    tools,
    start,
    startWorker: async () => start('worker', { COMPARATOR_WORKER_METRICS_PORT: String(await freePort()) }),
    run: (target, command) => runProgram(command, environmentOf(target)),
    async end() {
      for (const child of running) child.kill('SIGKILL');
      await stack.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function runProgram([program = '', ...args]: string[], environment: Record<string, string>) {
  return execa(program, args, { cwd: projectRoot, env: environment, extendEnv: false, reject: false });
}

function startContainer(
  target: string,
  [program = '', ...args]: string[],
  environment: Record<string, string>,
  logFile: string,
): Container {
  const log = openSync(logFile, 'a');
  const child = spawn(program, args, { cwd: projectRoot, env: environment, stdio: ['ignore', log, log] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const output = () => readFileSync(logFile, 'utf8');
  const isHealthy = async () => (await runProgram(imageOf(target).healthCheck, environment)).exitCode === 0;
  return {
    target,
    child,
    output,
    isHealthy,
    async untilHealthy() {
      const health = async () => (await isHealthy()) || Promise.reject(new Error(output().slice(-2_000)));
      await until(`the ${target} to be healthy`, health, { timeoutMs: 90_000, everyMs: 200 });
    },
    async endInOrder(withinMs) {
      const began = Date.now();
      child.kill('SIGTERM');
      expect({ code: await ended, output: output() }).toMatchObject({ code: 0 });
      expect(Date.now() - began).toBeLessThan(withinMs);
    },
  };
}
