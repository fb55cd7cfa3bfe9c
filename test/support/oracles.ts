import { readdirSync, readFileSync } from 'node:fs';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createObjectStore, createS3Client } from '../../src/storage/object-store.ts';

/** What a look from outside finds of experiments: on the machine and in the emulator, never in a state file. */
export interface Remains {
  /** Processes started for an experiment below this home, as `pid command`. */
  processes: string[];
  streams: string[];
  stateLocks: string[];
  states: string[];
  runFolders: string[];
}

export const nothing: Remains = { processes: [], streams: [], stateLocks: [], states: [], runFolders: [] };

/** Everything of any experiment below `home` and in the emulator at `awsUrl`. */
export async function findRemains(home: string, awsUrl: string, bucket = resultsBucket): Promise<Remains> {
  const keys = await testStore(awsUrl, bucket).list('state/');
  const { StreamNames } = await testKinesis(awsUrl).send(new ListStreamsCommand({}));
  return {
    processes: experimentProcesses(home),
    streams: StreamNames ?? [],
    stateLocks: keys.filter((key) => key.endsWith('.tflock')),
    states: keys.filter((key) => !key.endsWith('.tflock')),
    runFolders: runFolders(home),
  };
}

const resultsBucket = 'comparator-results';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** The results bucket in the emulator. */
export function testStore(awsUrl: string, bucket = resultsBucket) {
  const client = createS3Client({ region: 'us-east-1', endpointUrl: awsUrl, credentials });
  return createObjectStore(client, bucket);
}

function testKinesis(awsUrl: string): KinesisClient {
  return new KinesisClient({
    region: 'us-east-1',
    endpoint: awsUrl,
    credentials,
    requestHandler: new NodeHttpHandler(),
  });
}

/** Live processes, brokers, generators, supervisors, terraform and its providers, of experiments below `home`. */
export function experimentProcesses(home: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      const command = readStrings(`/proc/${pid}/cmdline`);
      if (command.length === 0) return [];
      const mentions = [...command, ...readStrings(`/proc/${pid}/environ`)].some((one) =>
        one.includes(`${home}/experiments/`),
      );
      return mentions ? [`${pid} ${command.join(' ')}`] : [];
    });
}

function readStrings(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\0').filter(Boolean);
  } catch {
    return [];
  }
}

function runFolders(home: string): string[] {
  try {
    return readdirSync(`${home}/experiments`);
  } catch {
    return [];
  }
}
