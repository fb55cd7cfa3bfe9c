import type { InventoryItem } from '../../../../src/contracts/documents/orphans.ts';
import type { Product } from '../../../../src/contracts/documents/product.ts';
import type { Cluster } from '../../../../src/contracts/input/clusters/cluster-file.ts';
import {
  ClusterError,
  clusterAddresses,
  readClusters,
} from '../../../../src/machine/clusters/cluster-files.ts';
import { InvalidInputError } from '../../../../src/temporal/activity-error.ts';
import { OperatorNeededError, TerraformFailedError } from '../../errors.ts';
import type { InstallationContext, Placement, PlacementContext } from '../placement.ts';

export interface ClusterQuestion {
  /** Of clusters; null where none is named. */
  file: string | null;
  cluster: string;
}

/** What there is in a cluster, or why that cannot be told, and whether it may pass by itself. */
export type Listing = { found: Found[] } | { problem: string; passing: boolean };

export interface Found {
  kind: InventoryItem['kind'];
  name: string;
}

/** What a technology has of its own where it is the user's. */
export interface ExistingParts {
  technology: 'kafka' | 'nats' | 'kinesis';
  /** Terraform's address of what is created first and destroyed last; its destroy deletes all that is ours. */
  cleanupAddress: string;
  /** The variable by which terraform's programs are told what is ours. */
  variable: string;
  /** What terraform makes, without which nothing can be measured, and what clients add to it; in words. */
  made: { kind: InventoryItem['kind']; words: string };
  added?: { kind: InventoryItem['kind']; words: string };
  list(question: ClusterQuestion): Promise<Listing>;
  product(context: PlacementContext): Product;
}

/** Name of what is ours in a cluster; the root module makes the same. Nothing else of a cluster is ever looked into. */
function nameOf(installationId: string, experimentId: string): string {
  return `cmp-${installationId}-${experimentId}`;
}

function ownName({ installationId, experimentId }: PlacementContext): string {
  return nameOf(installationId, experimentId);
}

/** What is in a cluster is not known. */
abstract class UnknownError extends Error {
  /** Whether it may pass by itself. */
  abstract readonly passing: boolean;
  /** For a person. */
  abstract readonly action: string;
}

/** A cluster does not answer, or does not let us in. */
class UnansweredError extends UnknownError {
  readonly passing: boolean;
  readonly action: string;

  constructor(cluster: string, reason: string, passing: boolean) {
    super(`the cluster ${cluster} cannot be asked: ${reason}`);
    this.passing = passing;
    this.action = `Have the cluster ${cluster} let the comparator in again, by what the file that COMPARATOR_CLUSTERS names says of it, then retry the destroy.`;
  }
}

/** A name leads to another cluster than it did, in which nothing of ours is. */
class MovedError extends UnknownError {
  readonly passing = false;
  readonly action: string;

  constructor(cluster: string, before: readonly string[], now: readonly string[]) {
    const had = before.join(', ');
    super(
      `the cluster ${cluster} was at ${had} when the experiment began, and is said to be at ${now.join(', ')} now`,
    );
    this.action = `In the file that COMPARATOR_CLUSTERS names, give the cluster ${cluster} an address that it had (${had}), beside its new ones where it has moved, then retry the destroy.`;
  }
}

/** Something of ours in what is the user's, which is known by our names alone. */
export function existingPlacement(parts: ExistingParts): Placement {
  const look = new Look(parts);
  return {
    elsewhere: true,
    async assertReady(context) {
      try {
        await look.findIn(context);
      } catch (error) {
        if (!(error instanceof UnknownError)) throw error;
        throw error.passing
          ? new TerraformFailedError(error.message, [])
          : new InvalidInputError(error.message);
      }
    },
    async inventory(context) {
      const all = await Promise.all(
        look.clustersOf(context).map((cluster) => look.inventoryOf(context, cluster)),
      );
      return all.flat();
    },
    owners: (installation) => look.owners(installation),
    async adoptable(context) {
      const found = await orAskAPerson(() => look.findIn(context), context.begun);
      return found.length > 0 ? [{ address: parts.cleanupAddress, importId: ownName(context) }] : [];
    },
    addresses: (context) => look.addressesOf(context),
    isUsable: async (context) =>
      (await orAskAPerson(() => look.findIn(context))).some(({ kind }) => kind === parts.made.kind),
    portsNeeded: () => 0,
    variables: ({ installationId }) => ({ installation_id: installationId }),
    environment: (context) => ({
      [parts.variable]: JSON.stringify({
        clusters: look.clustersOf(context),
        name: ownName(context),
        // Of those that do not answer, nobody knows whether they matter; the inventory says what is left.
        whereItCan: clusterIn(context) === null,
      }),
    }),
    product: parts.product,
  };
}

function clusterIn({ spec }: PlacementContext): string | null {
  const { cluster } = spec.settings ?? {};
  return typeof cluster === 'string' ? cluster : null;
}

/** For how long what a cluster listed is good: many ask whose things there are. */
const listedForMs = 5_000;

/** Looks into clusters of one technology. */
class Look {
  private readonly parts: ExistingParts;
  private readonly listed = new Map<string, { atMs: number; ids: Promise<string[]> }>();

  constructor(parts: ExistingParts) {
    this.parts = parts;
  }

  /** The cluster that the settings name; every one of the file for an experiment whose record is lost. */
  clustersOf(context: PlacementContext): string[] {
    const cluster = clusterIn(context);
    return cluster === null ? this.known(context.clustersFile) : [cluster];
  }

  /** What one cluster has of an experiment; where that is not known, it may be there. */
  async inventoryOf(context: PlacementContext, cluster: string): Promise<InventoryItem[]> {
    const { made, added } = this.parts;
    const name = ownName(context);
    try {
      const found = await this.ownIn(context, cluster);
      return found.map(({ kind, name: of }) => {
        const words = kind === added?.kind ? added.words : made.words;
        return { kind, name: of, description: `${words}, listed by the cluster ${cluster}` };
      });
    } catch (error) {
      if (!(error instanceof UnknownError)) throw error;
      if (context.begun === false) return [];
      const description = `${made.words} that may still be there, for ${error.message}`;
      return [{ kind: made.kind, name, description }];
    }
  }

  /** @throws UnknownError when nothing is found, and one of the clusters cannot be asked */
  async findIn(context: PlacementContext): Promise<Found[]> {
    const looks = this.clustersOf(context).map((cluster) => this.ownIn(context, cluster));
    const all = await Promise.allSettled(looks);
    const found = all.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    const failed = all.find((one) => one.status === 'rejected');
    if (failed && found.length === 0) throw failed.reason;
    return found;
  }

  /** A cluster that cannot be asked keeps nobody from seeing what others have; it is asked again. */
  async owners({ installationId, clustersFile }: InstallationContext): Promise<string[]> {
    const prefix = nameOf(installationId, '');
    const all = this.known(clustersFile).map((cluster) => {
      const key = `${clustersFile} ${cluster} ${installationId}`;
      const known = this.listed.get(key);
      if (known && Date.now() - known.atMs < listedForMs) return known.ids;
      const ids = this.ask(clustersFile, cluster).then(
        (found) =>
          found
            .map(({ name }) => name.split('.')[0] as string)
            .filter((name) => name.startsWith(prefix))
            .map((name) => name.slice(prefix.length)),
        () => [],
      );
      this.listed.set(key, { atMs: Date.now(), ids });
      return ids;
    });
    return (await Promise.all(all)).flat();
  }

  /** What cannot be read names none: whoever asks for one of them by its name is told why. */
  private known(file: string | null): string[] {
    return this.read(file).map(({ name }) => name);
  }

  private read(file: string | null): Cluster[] {
    try {
      return readClusters(file).filter(({ technology }) => technology === this.parts.technology);
    } catch (error) {
      if (error instanceof ClusterError) return [];
      throw error;
    }
  }

  /** Where the cluster that the settings name is; nowhere when the file does not say it. */
  addressesOf(context: PlacementContext): string[] {
    const named = clusterIn(context);
    return this.read(context.clustersFile)
      .filter(({ name }) => name === named)
      .flatMap(clusterAddresses);
  }

  /** @throws UnknownError when the cluster cannot be asked, or is another than it was and has nothing */
  private async ownIn(context: PlacementContext, cluster: string): Promise<Found[]> {
    const { made } = this.parts;
    const own = ownName(context);
    const all = await this.ask(context.clustersFile, cluster);
    const found = all.filter(({ kind, name }) =>
      kind === made.kind ? name === own : name.startsWith(`${own}.`),
    );
    const { begunAt = [] } = context;
    const now = this.addressesOf(context);
    // Where it is not known which cluster it was, each is looked into.
    const isNamed = clusterIn(context) === cluster;
    const isAnother = isNamed && begunAt.length > 0 && !now.some((address) => begunAt.includes(address));
    if (found.length === 0 && isAnother) throw new MovedError(cluster, begunAt, now);
    return found;
  }

  /** @throws UnknownError when the cluster cannot be asked */
  private async ask(file: string | null, cluster: string): Promise<Found[]> {
    const listing = await this.parts.list({ file, cluster });
    if ('problem' in listing) throw new UnansweredError(cluster, listing.problem, listing.passing);
    return listing.found;
  }
}

async function orAskAPerson(look: () => Promise<Found[]>, begun = true): Promise<Found[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof UnknownError)) throw error;
    if (!begun) return [];
    if (error.passing) throw new TerraformFailedError(error.message, []);
    throw new OperatorNeededError(error.message, [error.action]);
  }
}
