import type { InventoryItem } from '../../../src/contracts/documents/orphans.ts';
import { ClusterError, readClusters } from '../../../src/machine/clusters/cluster-access.ts';
import { InvalidInputError } from '../../../src/temporal/activity-error.ts';
import { OperatorNeededError, TerraformFailedError } from '../errors.ts';
import { listCluster } from './list-cluster.ts';
import type { InstallationContext, Placement, PlacementContext } from './placement.ts';

/** Created first and destroyed last; its destroy deletes the topic, and the groups that read it. */
const cleanupAddress = 'module.cluster_topic.terraform_data.cleanup';

/** Name of an experiment's topic; the root module makes the same. No other topic of a cluster is ever looked into. */
function topicName(installationId: string, experimentId: string): string {
  return `cmp-${installationId}-${experimentId}`;
}

/** Names of topics and of consumer groups in a cluster. */
interface Found {
  topics: string[];
  groups: string[];
}

/** A cluster does not answer, or does not let us in: what is there is not known. */
class UnknownError extends Error {
  readonly cluster: string;
  /** Whether it may pass by itself. */
  readonly passing: boolean;

  constructor(cluster: string, reason: string, passing: boolean) {
    super(`the cluster ${cluster} cannot be asked: ${reason}`);
    this.cluster = cluster;
    this.passing = passing;
  }
}

/** A topic of ours in a cluster of the user's. */
export const kafkaExisting: Placement = {
  elsewhere: true,
  async assertReady(context) {
    try {
      await findIn(context);
    } catch (error) {
      if (!(error instanceof UnknownError)) throw error;
      throw error.passing
        ? new TerraformFailedError(error.message, [])
        : new InvalidInputError(error.message);
    }
  },
  async inventory(context) {
    const name = ownName(context);
    const all = await Promise.all(clustersOf(context).map((cluster) => inventoryOf(context, cluster, name)));
    return all.flat();
  },
  owners,
  async adoptable(context) {
    const { topics, groups } = await orAskAPerson(() => findIn(context), context.begun);
    const isThere = topics.length + groups.length > 0;
    return isThere ? [{ address: cleanupAddress, importId: ownName(context) }] : [];
  },
  isUsable: async (context) => (await orAskAPerson(() => findIn(context))).topics.length > 0,
  portsNeeded: () => 0,
  variables: ({ installationId }) => ({ installation_id: installationId }),
  environment: (context) => ({
    COMPARATOR_TOPIC: JSON.stringify({
      clusters: clustersOf(context),
      name: ownName(context),
      // Of those that do not answer, nobody knows whether they matter; the inventory says what is left.
      whereItCan: clusterIn(context) === null,
    }),
  }),
  // Brokers tell no client their version.
  product: () => ({ name: 'Apache Kafka', version: null }),
};

function ownName({ installationId, experimentId }: PlacementContext): string {
  return topicName(installationId, experimentId);
}

/** The cluster that the settings name; every one of the file for an experiment whose record is lost. */
function clustersOf(context: PlacementContext): string[] {
  const cluster = clusterIn(context);
  return cluster === null ? kafkaClusters(context.clustersFile) : [cluster];
}

function clusterIn({ spec }: PlacementContext): string | null {
  const { cluster } = spec.settings ?? {};
  return typeof cluster === 'string' ? cluster : null;
}

/** What cannot be read names none: whoever asks for one of them by its name is told why. */
function kafkaClusters(file: string | null): string[] {
  try {
    return readClusters(file).map(({ name }) => name);
  } catch (error) {
    if (error instanceof ClusterError) return [];
    throw error;
  }
}

/** What one cluster has of an experiment; where that is not known, it may be there. */
async function inventoryOf(
  { clustersFile, begun }: PlacementContext,
  cluster: string,
  name: string,
): Promise<InventoryItem[]> {
  try {
    const { topics, groups } = await lookInto(clustersFile, cluster, name);
    return [
      ...topics.map((topic): InventoryItem => {
        return { kind: 'topic', name: topic, description: `Kafka topic, listed by the cluster ${cluster}` };
      }),
      ...groups.map((group): InventoryItem => {
        const description = `consumer group, listed by the cluster ${cluster}`;
        return { kind: 'consumer-group', name: group, description };
      }),
    ];
  } catch (error) {
    if (!(error instanceof UnknownError)) throw error;
    if (begun === false) return [];
    return [
      { kind: 'topic', name, description: `Kafka topic that may still be there, for ${error.message}` },
    ];
  }
}

/** @throws UnknownError when nothing is found, and one of the clusters cannot be asked */
async function findIn(context: PlacementContext): Promise<Found> {
  const { clustersFile } = context;
  const looks = clustersOf(context).map((cluster) => lookInto(clustersFile, cluster, ownName(context)));
  const all = await Promise.allSettled(looks);
  const found = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const topics = found.flatMap((one) => one.topics);
  const groups = found.flatMap((one) => one.groups);
  const failed = all.find((one) => one.status === 'rejected');
  if (failed && topics.length + groups.length === 0) throw failed.reason;
  return { topics, groups };
}

async function orAskAPerson(look: () => Promise<Found>, begun = true): Promise<Found> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof UnknownError)) throw error;
    if (!begun) return { topics: [], groups: [] };
    if (error.passing) throw new TerraformFailedError(error.message, []);
    throw new OperatorNeededError(error.message, [
      `Have the cluster ${error.cluster} let the comparator in again, by what the file that COMPARATOR_CLUSTERS names says of it, then retry the destroy.`,
    ]);
  }
}

/** @throws UnknownError when the cluster cannot be asked */
async function lookInto(file: string | null, cluster: string, name: string): Promise<Found> {
  const all = await ask(file, cluster);
  return {
    topics: all.topics.filter((topic) => topic === name),
    groups: all.groups.filter((group) => group.startsWith(`${name}.`)),
  };
}

/** @throws UnknownError when the cluster cannot be asked */
async function ask(file: string | null, cluster: string): Promise<Found> {
  const listing = await listCluster({ file, cluster });
  if ('problem' in listing) throw new UnknownError(cluster, listing.problem, listing.passing);
  return listing;
}

/** For how long what a cluster listed is good: many ask whose things there are. */
const listedForMs = 5_000;
const listed = new Map<string, { atMs: number; ids: Promise<string[]> }>();

/** A cluster that cannot be asked keeps nobody from seeing what others have; it is asked again. */
async function owners({ installationId, clustersFile }: InstallationContext): Promise<string[]> {
  const prefix = topicName(installationId, '');
  const all = kafkaClusters(clustersFile).map((cluster) => {
    const key = `${clustersFile} ${cluster} ${installationId}`;
    const known = listed.get(key);
    if (known && Date.now() - known.atMs < listedForMs) return known.ids;
    const ids = ask(clustersFile, cluster).then(
      ({ topics, groups }) =>
        [...topics, ...groups.map((group) => group.split('.')[0] as string)]
          .filter((name) => name.startsWith(prefix))
          .map((name) => name.slice(prefix.length)),
      () => [],
    );
    listed.set(key, { atMs: Date.now(), ids });
    return ids;
  });
  return (await Promise.all(all)).flat();
}
