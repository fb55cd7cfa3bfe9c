import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { idSchema } from '../../src/contracts/input/ids.ts';
import { experimentEnvironment } from '../../src/contracts/temporal/infrastructure-activities.ts';
import { findVariableValues } from '../../src/machine/scan.ts';
import type { InfrastructureDependencies } from './dependencies.ts';
import { streamName } from './placements/kinesis-local.ts';

/**
 * Ids of this installation's experiments that have, or may have, anything: run folders and processes below this home,
 * states in the bucket, streams by name. What another home, bucket or installation has is not seen.
 */
export async function findExperiments(deps: InfrastructureDependencies): Promise<string[]> {
  const [states, streams] = await Promise.all([statesIn(deps), streamsOf(deps)]);
  const found = [...runFolders(deps.home), ...processOwners(deps.home), ...states, ...streams];
  return [...new Set(found)].filter((id) => idSchema.safeParse(id).success).sort();
}

function runFolders(home: string): string[] {
  try {
    // What begins with a dot is being made, or being removed.
    return readdirSync(`${home}/experiments`).filter((name) => !name.startsWith('.'));
  } catch {
    return [];
  }
}

function processOwners(home: string): string[] {
  return findVariableValues(experimentEnvironment.runFolder, `${home}/experiments/`).map((folder) =>
    basename(folder),
  );
}

async function statesIn({ store }: InfrastructureDependencies): Promise<string[]> {
  const keys = await store.list('state/');
  return keys.map((key) => basename(dirname(key)));
}

async function streamsOf({ kinesis, installationId }: InfrastructureDependencies): Promise<string[]> {
  const prefix = streamName(installationId, '');
  const ids: string[] = [];
  let startAfter: string | undefined;
  do {
    const page = await kinesis.send(new ListStreamsCommand({ ExclusiveStartStreamName: startAfter }));
    for (const name of page.StreamNames ?? []) {
      if (name.startsWith(prefix)) ids.push(name.slice(prefix.length));
    }
    startAfter = page.HasMoreStreams ? page.StreamNames?.at(-1) : undefined;
  } while (startAfter);
  return ids;
}
