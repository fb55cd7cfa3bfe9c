import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { toolPaths } from '../setup/tools.ts';
import { awsKeys } from './aws-keys.ts';
import { serverEnvironment } from './environment.ts';
import { logFile } from './log-file.ts';
import { type StackProcess, stopGraceMs } from './stack-process.ts';

/** The AWS emulator: S3 and Kinesis on one port, on disk in the home, for whoever has the home's key. */
export function awsProcess(config: Config, port: number): StackProcess {
  const data = join(config.home, 'aws');
  const { ministackPython, ministackDoor } = toolPaths(config);
  const keys = awsKeys(config);
  return {
    name: 'aws',
    command: {
      file: ministackPython,
      args: [ministackDoor],
      cwd: config.home,
      environment: {
        ...serverEnvironment(),
        // Without it, it listens on every interface.
        BIND_HOST: '127.0.0.1',
        GATEWAY_PORT: String(port),
        // The others include one that runs uploaded code.
        SERVICES: 's3,kinesis',
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        // Where it writes the number of its process.
        TMPDIR: data,
        IOT_MTLS_ENABLED: '0',
        SFTP_ENABLED: '0',
        // So SIGTERM keeps everything; SIGKILL keeps the objects and loses the streams made since the last start.
        S3_PERSIST: '1',
        S3_DATA_DIR: join(data, 's3'),
        PERSIST_STATE: '1',
        STATE_DIR: join(data, 'state'),
        MINISTACK_REGION: config.aws.region,
        LOG_LEVEL: 'WARNING',
      },
      logFile: logFile(config, 'aws'),
    },
    isReady: async () => (await fetch(`http://127.0.0.1:${port}/_ministack/ready`)).ok,
    readyTimeoutMs: 60_000,
    stopGraceMs: stopGraceMs.aws,
  };
}
