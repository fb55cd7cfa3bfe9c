import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Cluster, type ClusterOf, clustersOf } from '../../contracts/input/clusters/cluster-file.ts';
import { UserError } from '../../user-error.ts';
import { whyUnreadable } from '../written/read-text.ts';
import { readSettingsFile } from '../written/settings-file.ts';

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

/** Where a cluster is: what leads to the same has one of them at least. */
export function clusterAddresses(cluster: Cluster): string[] {
  switch (cluster.technology) {
    case 'kafka':
      return cluster.bootstrapServers;
    case 'nats':
      return cluster.servers;
    case 'kinesis':
      return [cluster.endpointUrl ?? cluster.region];
    default:
      throw new Error(`unknown technology ${JSON.stringify(cluster satisfies never)}`);
  }
}

/** All that may be told of a cluster. */
interface KnownCluster extends Pick<Cluster, 'name' | 'technology'> {
  /** Where it is no service of AWS, but what speaks like it. */
  emulated?: true;
}

function known(cluster: Cluster): KnownCluster {
  const { name, technology } = cluster;
  const emulated = technology === 'kinesis' && cluster.endpointUrl !== undefined;
  return { name, technology, ...(emulated ? { emulated } : {}) };
}

/** The clusters that may be measured, by their names alone; or what is wrong with the file. */
export function knownClusters(file: string | null): { clusters: KnownCluster[] } | { problem: string } {
  try {
    return { clusters: readClusters(file).map(known) };
  } catch (error) {
    if (error instanceof ClusterError) return { problem: error.message };
    throw error;
  }
}

/** What the file says of a cluster, and what reads the files that it names there. */
export interface Written<Technology extends Cluster['technology']> {
  cluster: ClusterOf<Technology>;
  files: ClusterFiles;
}

/** @throws ClusterError when the file does not name it as a cluster of the technology */
export function findCluster<Technology extends Cluster['technology']>(
  file: string | null,
  name: string,
  technology: Technology,
): Written<Technology> {
  const own = readClusters(file).filter((one): one is ClusterOf<Technology> => one.technology === technology);
  const cluster = own.find((one) => one.name === name);
  if (!cluster || file === null) throw new ClusterError(unknownCluster(name, own));
  return { cluster, files: new ClusterFiles(name, dirname(file)) };
}

/** What is wrong with a name that no cluster has, and what to do. */
function unknownCluster(name: string, known: readonly Pick<Cluster, 'name' | 'technology'>[]): string {
  const names = known.map((one) => one.name);
  return names.length > 0
    ? `${name} is no cluster of ${known[0]?.technology} in the file that COMPARATOR_CLUSTERS names; choose one of: ${names.join(', ')}`
    : `${name} is no known cluster; name a file of clusters in COMPARATOR_CLUSTERS and start the comparator again`;
}

/** The files that a cluster names, seen from the folder of the file that names it. */
export class ClusterFiles {
  private readonly cluster: string;
  private readonly folder: string;

  constructor(cluster: string, folder: string) {
    this.cluster = cluster;
    this.folder = folder;
  }

  /** Absolute. */
  path(named: string): string {
    return resolve(this.folder, named);
  }

  /** @throws ClusterError when it cannot be read */
  read(named: string): string {
    const path = this.path(named);
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      const why = whyUnreadable(error);
      throw new ClusterError(`the file ${path} of the cluster ${this.cluster} cannot be read: ${why}`, 1, {
        cause: error,
      });
    }
  }

  /** Without the line's end behind it, which is an editor's; spaces may be its own. */
  readSecret(named: string): string {
    return this.read(named).replace(/[\r\n]+$/, '');
  }

  /** Certificates and key, as Node's TLS takes them; null for no encryption. */
  tls(
    tls:
      | { caFile?: string | undefined; certFile?: string | undefined; keyFile?: string | undefined }
      | undefined,
  ): TlsAccess | null {
    if (!tls) return null;
    return {
      ...(tls.caFile && { ca: this.read(tls.caFile) }),
      ...(tls.certFile && { cert: this.read(tls.certFile) }),
      ...(tls.keyFile && { key: this.read(tls.keyFile) }),
    };
  }
}

/** As for Node's TLS. */
export interface TlsAccess {
  ca?: string;
  cert?: string;
  key?: string;
}
