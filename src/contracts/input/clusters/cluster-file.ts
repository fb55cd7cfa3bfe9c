import { z } from 'zod';
import { type FieldError, jsonPointer, parseInput } from '../problem.ts';
import { type ClusterFault, profileFaults } from './common.ts';
import { kafkaClusterFaults, kafkaClusterSchema } from './kafka-cluster.ts';
import { kinesisClusterSchema } from './kinesis-cluster.ts';
import { natsClusterFaults, natsClusterSchema } from './nats-cluster.ts';

const clusterSchema = z.discriminatedUnion('technology', [
  kafkaClusterSchema,
  natsClusterSchema,
  kinesisClusterSchema,
]);
export type Cluster = z.infer<typeof clusterSchema>;
/** The cluster of one technology. */
export type ClusterOf<Technology extends Cluster['technology']> = Extract<
  Cluster,
  { technology: Technology }
>;

/** The file of `COMPARATOR_CLUSTERS`. Paths in it are seen from its own folder. */
export const clusterFileSchema = z.strictObject({
  clusters: z.array(clusterSchema).describe('Clusters that experiments with target: existing may measure'),
});

/**
 * The clusters that a file names.
 * @param document what the file says
 * @returns the faults of the file instead, each with where it is
 */
export function clustersOf(document: unknown): { clusters: Cluster[] } | { faults: FieldError[] } {
  const parsed = parseInput(clusterFileSchema, document);
  if (!parsed.ok) return { faults: parsed.errors };
  const { clusters } = parsed.value;
  const faults = clusters.flatMap((cluster, index) => clusterFaults(cluster, index, clusters));
  return faults.length > 0 ? { faults } : { clusters };
}

function clusterFaults(cluster: Cluster, index: number, all: readonly Cluster[]): FieldError[] {
  const first = all.findIndex((one) => one.name === cluster.name);
  const faults = [
    ...(first < index
      ? [{ path: ['name'], detail: `is that of entry ${first + 1} already; choose another` }]
      : []),
    ...certificateFaults(cluster),
    ...faultsOfTechnology(cluster),
  ];
  return faults.map(({ path, detail }) => ({ pointer: jsonPointer(['clusters', index, ...path]), detail }));
}

function certificateFaults(cluster: Cluster): ClusterFault[] {
  const tls = 'tls' in cluster ? cluster.tls : undefined;
  return (tls?.certFile === undefined) === (tls?.keyFile === undefined)
    ? []
    : [{ path: ['tls'], detail: 'has one of certFile and keyFile; give both, or neither' }];
}

function faultsOfTechnology(cluster: Cluster): ClusterFault[] {
  switch (cluster.technology) {
    case 'kafka':
      return kafkaClusterFaults(cluster);
    case 'nats':
      return natsClusterFaults(cluster);
    case 'kinesis':
      return profileFaults(cluster, []);
    default:
      throw new Error(`unknown technology ${JSON.stringify(cluster satisfies never)}`);
  }
}
