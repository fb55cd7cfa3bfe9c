/**
 * A NATS server of an experiment's own, a task on AWS. It makes itself a key and a certificate, tells the others of itself
 * in the experiment's folder of results, and runs the server once all of them have: what tasks are called, and who may be
 * trusted, is known to nobody before. It goes on looking, so that load generators are let in, and a task that was replaced
 * is found. A server that crashes is started again with the files that it had.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inheritedEnvironment, readConfig } from '../../config.ts';
import { writeTextAtomic } from '../../machine/atomic-file.ts';
import { makeCertificate } from '../../machine/clusters/own-certificate.ts';
import { toolPaths } from '../../stack/setup/tools.ts';
import { createObjectStore, createS3Client } from '../../storage/object-store.ts';
import { ToldTasks } from '../../storage/server-tasks.ts';
import { reportFatal } from '../../user-error.ts';
import { natsConfiguration } from './configuration.ts';
import { type NatsTask, ownAddress, readNatsTask } from './task.ts';

const lookEveryMs = 1_000;
/** Signals that end the container. */
const endingSignals = ['SIGTERM', 'SIGINT'] as const;

const folder = join(tmpdir(), 'nats');
const files = {
  key: join(folder, 'own.key'),
  certificate: join(folder, 'own.pem'),
  everybody: join(folder, 'everybody.pem'),
  data: join(folder, 'data'),
};
const configuration = join(folder, 'server.json');

/** What a look has come to. */
type Found = 'missing' | 'changed' | 'unchanged';

async function main(): Promise<number> {
  const task = readNatsTask(inheritedEnvironment());
  mkdirSync(files.data, { recursive: true });
  const server = new Server();
  let ending = false;
  for (const signal of endingSignals) {
    process.on(signal, () => {
      ending = true;
      server.end(signal);
    });
  }
  const look = await takePlace(task);
  while (!ending) {
    const found = await look().catch((error: Error): Found => {
      say(`The other tasks cannot be looked for: ${error.message}`);
      return 'missing';
    });
    if (ending) break;
    if (found === 'changed') server.reload();
    if (found !== 'missing') server.keepUp();
    await delay(lookEveryMs);
  }
  await server.ended();
  return 0;
}

let said = '';

/** What goes on is said once. */
function say(message: string): void {
  if (message !== said) console.error(message);
  said = message;
}

/** Tells of this server, and gives what looks for all others and writes the configuration that they come to. */
async function takePlace(task: NatsTask): Promise<() => Promise<Found>> {
  const { experimentId, name, syncInterval } = task;
  const store = createObjectStore(createS3Client(task.aws), task.resultsBucket);
  const told = new ToldTasks(store, experimentId);
  const host = await ownAddress(task.metadataUri);
  const own = await makeCertificate(name, host);
  writeTextAtomic(files.key, own.key);
  writeTextAtomic(files.certificate, own.certificate);
  await told.tellServer({ name, host, certificate: own.certificate });
  let written = '';
  return async () => {
    const servers = await told.servers();
    if (servers.length < task.servers) {
      say(`${servers.length} of ${task.servers} servers have told where they are; waiting for the others.`);
      return 'missing';
    }
    const certificates = [...servers.map(({ certificate }) => certificate), ...(await told.clients())].join(
      '',
    );
    const place = { own: { name, host }, servers, files, clusterName: experimentId, syncInterval };
    const configured = JSON.stringify(natsConfiguration(place));
    if (written === `${certificates}${configured}`) return 'unchanged';
    writeTextAtomic(files.everybody, certificates);
    writeTextAtomic(configuration, configured);
    written = `${certificates}${configured}`;
    return 'changed';
  };
}

/** The server's process, or none yet. */
class Server {
  private child: ChildProcess | null = null;
  private ending = false;

  /** Starts it where it does not run. */
  keepUp(): void {
    if (this.child || this.ending) return;
    const child = spawn(toolPaths(readConfig()).natsServer, ['--config', configuration], {
      stdio: 'inherit',
    });
    child.once('error', (error) => process.exit(reportFatal(error)));
    child.once('close', (code, signal) => {
      this.child = null;
      if (!this.ending) console.error(`The server ended with ${signal ?? code}; starting it again.`);
    });
    this.child = child;
  }

  /** Has it read its configuration again, without ending connections. */
  reload(): void {
    this.child?.kill('SIGHUP');
  }

  end(signal: NodeJS.Signals): void {
    this.ending = true;
    this.child?.kill(signal);
  }

  async ended(): Promise<void> {
    while (this.child) await delay(50);
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(reportFatal(error)),
);
