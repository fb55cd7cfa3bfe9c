import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnvironment, readConfig } from '../../../../src/config.ts';
import type { ProcessIdentity } from '../../../../src/contracts/storage/process.ts';
import { endProcess } from '../../../../src/machine/end.ts';
import { findFreePorts } from '../../../../src/machine/free-port.ts';
import { startDetached } from '../../../../src/machine/start.ts';
import { toolPaths } from '../../../../src/stack/setup/tools.ts';
import { until } from '../../../support/until.ts';

export interface Emulator {
  url: string;
  identity: ProcessIdentity;
  /** Ends it, as a crash does; its objects and streams stay when it was asked nicely. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again at the same address. */
  restart(): Promise<void>;
}

/** Starts an AWS emulator of its own below a folder. */
export async function startEmulator(folder: string): Promise<Emulator> {
  const [port = 0] = await findFreePorts(1);
  for (const name of ['s3', 'state']) mkdirSync(join(folder, 'aws', name), { recursive: true });
  const emulator: Emulator = {
    url: `http://127.0.0.1:${port}`,
    identity: await start(folder, port),
    stop: (signal = 'SIGKILL') => endProcess(emulator.identity, { signal }),
    async restart() {
      emulator.identity = await start(folder, port);
      await untilAnswers(emulator.url);
    },
  };
  await untilAnswers(emulator.url);
  return emulator;
}

function start(folder: string, port: number): Promise<ProcessIdentity> {
  return startDetached({
    file: toolPaths(readConfig()).ministackPython,
    args: [toolPaths(readConfig()).ministackDoor],
    cwd: folder,
    environment: {
      PATH: inheritedEnvironment().PATH,
      HOME: folder,
      TMPDIR: join(folder, 'aws'),
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      S3_PERSIST: '1',
      S3_DATA_DIR: join(folder, 'aws', 's3'),
      PERSIST_STATE: '1',
      STATE_DIR: join(folder, 'aws', 'state'),
    },
    logFile: join(folder, 'aws.log'),
  });
}

async function untilAnswers(url: string): Promise<void> {
  await until(`an answer of the AWS emulator at ${url}`, () => answers(url));
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}
