import { readdirSync, readFileSync } from 'node:fs';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { StackDescription } from '../../src/contracts/storage/stack.ts';
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

/** Where an emulator is and what it asks for, as `stack.json` says. */
export type AwsAccess = Pick<StackDescription['aws'], 'url' | 'accessKeyId' | 'secretAccessKey'>;

/** Everything of any experiment below `home` and in the emulator. */
export async function findRemains(home: string, aws: AwsAccess, bucket = resultsBucket): Promise<Remains> {
  const keys = await testStore(aws, bucket).list('state/');
  const { StreamNames } = await testKinesis(aws).send(new ListStreamsCommand({}));
  return {
    processes: experimentProcesses(home),
    streams: StreamNames ?? [],
    stateLocks: keys.filter((key) => key.endsWith('.tflock')),
    states: keys.filter((key) => !key.endsWith('.tflock')),
    runFolders: runFolders(home),
  };
}

const resultsBucket = 'comparator-results';
/** `test` is what servers that tests start by themselves ask for. */
const credentialsOf = ({ accessKeyId = 'test', secretAccessKey = 'test' }: AwsAccess) => ({
  accessKeyId,
  secretAccessKey,
});

/** The results bucket in the emulator. */
export function testStore(aws: AwsAccess, bucket = resultsBucket) {
  const client = createS3Client({
    region: 'us-east-1',
    endpointUrl: aws.url,
    credentials: credentialsOf(aws),
  });
  return createObjectStore(client, bucket);
}

function testKinesis(aws: AwsAccess): KinesisClient {
  return new KinesisClient({
    region: 'us-east-1',
    endpoint: aws.url,
    credentials: credentialsOf(aws),
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
      const isOurs = (one: string) => one.includes(`${home}/experiments/`);
      if (command.some(isOurs)) return [`${pid} ${command.join(' ')}`];
      const variable = readStrings(`/proc/${pid}/environ`).find(isOurs);
      return variable ? [`${pid} ${command.join(' ')} (${variable})`] : [];
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
