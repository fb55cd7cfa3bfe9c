import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Cluster, clustersOf } from '../../contracts/input/clusters/cluster-file.ts';
import { UserError } from '../../user-error.ts';
import { whyUnreadable } from '../written/read-text.ts';
import { readSettingsFile } from '../written/settings-file.ts';

/** Where a cluster is, and who one is there. It holds secrets: it goes to who connects, and nowhere else. */
export interface ClusterAccess {
  bootstrapServers: string[];
  /** As for Node's TLS; null for no encryption. */
  tls: { ca?: string; cert?: string; key?: string } | null;
  sasl: { mechanism: Mechanism; username: string; password: string } | null;
}
type Mechanism = NonNullable<Cluster['sasl']>['mechanism'];

/** A cluster of the user's that cannot be used as the file of `COMPARATOR_CLUSTERS` has it. */
export class ClusterError extends UserError {
  override name = 'ClusterError';
}

/**
 * The clusters of the file of `COMPARATOR_CLUSTERS`, read anew.
 * @param file null where none is named: then there are none
 * @throws ClusterError when it is not there, or says what cannot be used
 */
export function readClusters(file: string | null): Cluster[] {
  if (file === null) return [];
  return readSettingsFile(
    { path: file, variable: 'COMPARATOR_CLUSTERS', topic: 'clusters' },
    clustersOf,
    (message) => new ClusterError(message),
  ).clusters;
}

/** The clusters that may be measured, by their names alone; or what is wrong with the file. */
export function knownClusters(
  file: string | null,
): { clusters: Pick<Cluster, 'name' | 'technology'>[] } | { problem: string } {
  try {
    return { clusters: readClusters(file).map(({ name, technology }) => ({ name, technology })) };
  } catch (error) {
    if (error instanceof ClusterError) return { problem: error.message };
    throw error;
  }
}

/**
 * Finds out where a cluster is, and reads its certificates and credentials.
 * @throws ClusterError when the file does not name it, or what it names cannot be read
 */
export function clusterAccess(file: string | null, name: string): ClusterAccess {
  const clusters = readClusters(file);
  const cluster = clusters.find((one) => one.name === name);
  if (!cluster || file === null) throw new ClusterError(unknownCluster(name, clusters));
  const { bootstrapServers, tls, sasl } = cluster;
  const read = (path: string) => readNamed(name, resolve(dirname(file), path));
  return {
    bootstrapServers,
    tls: tls
      ? {
          ...(tls.caFile && { ca: read(tls.caFile) }),
          ...(tls.certFile && { cert: read(tls.certFile) }),
          ...(tls.keyFile && { key: read(tls.keyFile) }),
        }
      : null,
    sasl: sasl
      ? {
          mechanism: sasl.mechanism,
          username: read(sasl.usernameFile).trim(),
          // A line's end behind it is an editor's; spaces may be its own.
          password: read(sasl.passwordFile).replace(/[\r\n]+$/, ''),
        }
      : null,
  };
}

/** What is wrong with a name that no cluster has, and what to do. */
function unknownCluster(name: string, known: readonly Pick<Cluster, 'name'>[]): string {
  const names = known.map((one) => one.name);
  return names.length > 0
    ? `${name} is no cluster of the file that COMPARATOR_CLUSTERS names; choose one of: ${names.join(', ')}`
    : `${name} is no known cluster; name a file of clusters in COMPARATOR_CLUSTERS and start the comparator again`;
}

function readNamed(cluster: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = whyUnreadable(error);
    throw new ClusterError(`the file ${path} of the cluster ${cluster} cannot be read: ${why}`, 1, {
      cause: error,
    });
  }
}
