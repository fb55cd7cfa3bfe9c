import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inheritedEnvironment, projectRoot, readConfig } from '../../../src/config.ts';
import { toolPaths } from '../../../src/stack/setup/tools.ts';
import {
  type NatsServersEndpoint,
  type NatsSettings,
  natsSettingsSchema,
} from '../../../src/technologies/nats/settings.ts';
import { freePort } from '../../support/free-port.ts';
import { until } from '../../support/until.ts';

/** A server that a test started; all of it is gone after `stop`. */
export interface TestServer {
  pid: number;
  /** With SIGKILL, unless another signal is given. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface KafkaBroker extends TestServer {
  bootstrapServers: string[];
  /** Ends it without a word and starts it again on the same data; resolves once it listens. */
  crashAndRestart(): Promise<void>;
  /** Starts another broker of its cluster. */
  startOther(): Promise<TestServer>;
}

/**
 * Starts a real Kafka broker in KRaft mode.
 * @param properties of the broker, beside or instead of ours
 * @param javaOptions of its Java
 * @param listeners beside ours, such as `SASL_SSL://127.0.0.1:1234`; their names are those of their protocols
 * @param formatting what its storage is formatted with, such as users
 * @param classes folders of Java classes beside Kafka's own
 */
export async function startKafka(
  properties: Record<string, string> = {},
  javaOptions: string[] = [],
  {
    listeners = [],
    formatting = [],
    classes = [],
  }: { listeners?: string[]; formatting?: string[]; classes?: string[] } = {},
): Promise<KafkaBroker> {
  const folder = temporaryFolder('kafka');
  const [port, controllerPort] = [await freePort(), await freePort()];
  const own = kafkaProperties(1, folder, port, controllerPort, listeners);
  const options = ['--standalone', ...formatting];
  const launch = prepareKafka(folder, { ...own, ...properties }, options, javaOptions, classes);
  const run = async () => {
    const child = launch();
    await listening(port, child, null);
    return child;
  };
  let child = await run();
  return {
    bootstrapServers: [`127.0.0.1:${port}`],
    get pid() {
      return child.pid as number;
    },
    async crashAndRestart() {
      await handleOf(child, null).stop();
      child = await run();
    },
    startOther: () => startOtherKafka(controllerPort, javaOptions),
    stop: (signal) => handleOf(child, folder).stop(signal),
  };
}

/** A second broker, without a controller. With SIGTERM it hands over what it leads before it ends. */
async function startOtherKafka(controllerPort: number, javaOptions: string[]): Promise<TestServer> {
  const folder = temporaryFolder('kafka');
  const port = await freePort();
  const properties = kafkaProperties(2, folder, port, controllerPort);
  const child = prepareKafka(folder, properties, ['--no-initial-controllers'], javaOptions)();
  return listening(port, child, folder);
}

function kafkaProperties(
  id: number,
  folder: string,
  port: number,
  controllerPort: number,
  more: string[] = [],
): Record<string, string> {
  const isController = id === 1;
  const advertised = [`PLAINTEXT://127.0.0.1:${port}`, ...more];
  const listeners = [...advertised];
  if (isController) listeners.push(`CONTROLLER://127.0.0.1:${controllerPort}`);
  return {
    'process.roles': isController ? 'broker,controller' : 'broker',
    'node.id': String(id),
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    listeners: listeners.join(),
    'advertised.listeners': advertised.join(),
    'listener.security.protocol.map': [
      'CONTROLLER:PLAINTEXT',
      ...advertised.map((one) => one.split(':')[0]).map((protocol) => `${protocol}:${protocol}`),
    ].join(),
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(folder, 'data'),
    'group.initial.rebalance.delay.ms': '0',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'auto.create.topics.enable': 'false',
  };
}

/** Writes a broker's properties and formats its folder. Returns what starts it. */
function prepareKafka(
  folder: string,
  properties: Record<string, string>,
  formatting: string[],
  javaOptions: string[],
  classes: string[] = [],
): () => ChildProcess {
  const tools = toolPaths(readConfig());
  const file = join(folder, 'server.properties');
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(file, lines.join(''));
  const java = [
    '-Xmx512m',
    '-XX:-UsePerfData',
    `-Djava.io.tmpdir=${folder}`,
    `-Dlog4j2.configurationFile=${tools.kafkaLogConfig}`,
    '-cp',
    [`${tools.kafkaLibs}/*`, ...classes].join(':'),
  ];
  const format = [
    'kafka.tools.StorageTool',
    'format',
    ...formatting,
    '-t',
    'AAAAAAAAAAAAAAAAAAAAAQ',
    '-c',
    file,
  ];
  const formatted = spawnSync(tools.java, [...java, ...format], { encoding: 'utf8' });
  if (formatted.status !== 0) throw new Error(`formatting failed: ${formatted.stderr}${formatted.stdout}`);
  return () => start(tools.java, [...javaOptions, ...java, 'kafka.Kafka', file], {});
}

export interface NatsServers {
  servers: string[];
  /** Of each server. */
  pids: number[];
  /** Creates a stream, as terraform does, and gives the endpoint for it. */
  createStream(settings?: Partial<NatsSettings>): Promise<NatsServersEndpoint>;
  /** Ends one without a word and starts it again on the same data; resolves once it listens. */
  crashAndRestart(index: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts real NATS servers; several are a cluster.
 * @param more of each server's configuration
 */
export async function startNats(count = 1, more: Record<string, unknown> = {}): Promise<NatsServers> {
  const folder = temporaryFolder('nats');
  const places = await Promise.all(
    Array.from({ length: count }, async (_, index) => ({
      name: `server-${index + 1}`,
      client: await freePort(),
      cluster: await freePort(),
    })),
  );
  const run = async ({ name, client, cluster }: (typeof places)[number]) => {
    const routes = places
      .filter((other) => other.name !== name)
      .map((other) => `nats://127.0.0.1:${other.cluster}`);
    const config = {
      server_name: name,
      listen: `127.0.0.1:${client}`,
      jetstream: { store_dir: join(folder, name) },
      ...more,
      ...(count > 1 ? { cluster: { name: 'test', listen: `127.0.0.1:${cluster}`, routes } } : {}),
    };
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(config));
    const child = start(toolPaths(readConfig()).natsServer, ['--config', file], {});
    await listening(client, child, null);
    return child;
  };
  const started = await Promise.allSettled(places.map(run));
  const children = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async () => {
    await Promise.all(children.map((child) => handleOf(child, null).stop()));
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const servers = places.map(({ client }) => `127.0.0.1:${client}`);
  let streams = 0;
  return {
    servers,
    get pids() {
      return children.map(({ pid }) => pid as number);
    },
    async createStream(settings = {}) {
      const stream = `stream-${++streams}`;
      const { replicas, storage, retention, subjects, deduplicationWindowSeconds } =
        natsSettingsSchema.parse(settings);
      const description = {
        replicas,
        storage,
        retention,
        subjects,
        deduplicationWindowSeconds,
        timeoutSeconds: 30,
      };
      const script = join(projectRoot, 'terraform', 'nats', 'modules', 'stream', 'create-stream.ts');
      const created = spawnSync(process.execPath, [script, stream], {
        encoding: 'utf8',
        env: {
          ...inheritedEnvironment(),
          COMPARATOR_STREAM: JSON.stringify({ servers, name: stream, ...description }),
        },
      });
      if (created.status !== 0) throw new Error(created.stderr);
      return { servers, stream, subjectPrefix: stream };
    },
    async crashAndRestart(index) {
      await handleOf(children[index] as ChildProcess, null).stop();
      children[index] = await run(places[index] as (typeof places)[number]);
    },
    stop,
  };
}

/**
 * Starts a real AWS emulator.
 * @param accessKeyId the one whose signatures it takes
 */
export async function startMiniStack(
  accessKeyId = testAwsEnvironment.AWS_ACCESS_KEY_ID,
): Promise<TestServer & { url: string }> {
  const folder = temporaryFolder('ministack');
  const port = await freePort();
  const { ministackPython, ministackDoor } = toolPaths(readConfig());
  const child = start(ministackPython, [ministackDoor], {
    ...testAwsEnvironment,
    AWS_ACCESS_KEY_ID: accessKeyId,
    TMPDIR: folder,
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    S3_PERSIST: '1',
    S3_DATA_DIR: join(folder, 's3'),
    PERSIST_STATE: '1',
    STATE_DIR: join(folder, 'state'),
  });
  return { url: `http://127.0.0.1:${port}`, ...(await listening(port, child, folder)) };
}

/** Starts the quota proxy in front of an emulator, as terraform does. */
export async function startQuotaProxy(upstreamUrl: string): Promise<TestServer & { url: string }> {
  const port = await freePort();
  const main = join(projectRoot, 'terraform', 'kinesis', 'local', 'quota-proxy', 'main.ts');
  const child = start(process.execPath, [main, String(port), upstreamUrl], {});
  return { url: `http://127.0.0.1:${port}`, ...(await listening(port, child, null)) };
}

/** Starts a real Temporal dev server. */
export async function startTemporal(): Promise<TestServer & { address: string }> {
  const port = await freePort();
  const arguments_ = [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--headless',
    '--log-level',
    'error',
  ];
  const child = start(toolPaths(readConfig()).temporal, arguments_, {});
  return { address: `127.0.0.1:${port}`, ...(await listening(port, child, null)) };
}

/** Environment of a test's own AWS clients. */
export const testAwsEnvironment = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
};

function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `cmp-test-${name}-`));
  mkdirSync(join(folder, 'state'));
  return folder;
}

function start(file: string, arguments_: string[], environment: Record<string, string>): ChildProcess {
  return spawn(file, arguments_, { env: { ...inheritedEnvironment(), ...environment }, stdio: 'ignore' });
}

function handleOf(child: ChildProcess, folder: string | null): TestServer {
  return {
    pid: child.pid as number,
    async stop(signal = 'SIGKILL') {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = new Promise((resolve) => child.once('exit', resolve));
        child.kill(signal);
        await exited;
      }
      if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** A server that listens; one that does not leaves nothing behind. */
async function listening(port: number, child: ChildProcess, folder: string | null): Promise<TestServer> {
  const server = handleOf(child, folder);
  try {
    await waitForPort(port, child);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Many times what a server needs on an idle machine. */
const listenTimeoutMs = 120_000;

async function waitForPort(port: number, child: ChildProcess): Promise<void> {
  const listens = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  await until(`${child.spawnfile} to listen`, async () => child.exitCode !== null || (await listens()), {
    timeoutMs: listenTimeoutMs,
    everyMs: 20,
  });
  if (child.exitCode !== null)
    throw new Error(`${child.spawnfile} ended with ${child.exitCode} before it listened`);
}
