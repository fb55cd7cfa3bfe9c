import type { Product } from '../../../../src/contracts/documents/product.ts';
import type { ExperimentSpec } from '../../../../src/contracts/input/experiment.ts';
import { InvalidInputError } from '../../../../src/temporal/activity-error.ts';
import type { TerraformLimits } from '../../dependencies.ts';
import { TerraformFailedError } from '../../errors.ts';
import type { InstallationContext, Placement, PlacementContext, Recalled } from '../placement.ts';
import { type CloudClients, type CloudRegion, cloudClients } from './clients.ts';
import { type Finding, type Owner, together } from './finding.ts';
import { findNetwork } from './network.ts';
import { listExpired, listSharedOwners } from './owners.ts';
import { deregisterRevisions, findTasks, lookAtTasks } from './tasks.ts';
import { untilTasksRun } from './until-tasks-run.ts';
import { cloudGenerators, cloudVariables, regionOf } from './variables.ts';

/** What is a technology's own on AWS; network and load generators are everybody's. */
export interface CloudProduct {
  /** What there is of the product, as terraform would have it under the given settings. */
  find(clients: CloudClients, owner: Owner, settings: Record<string, unknown>): Promise<Finding>;
  /** Settings that what there is tells of. */
  recall?(clients: CloudClients, owner: Owner): Promise<Record<string, unknown>>;
  /** Waits while it is being made or removed, for only what stands can be imported and destroyed. */
  settle(clients: CloudClients, owner: Owner): Promise<void>;
  /** Ids of the experiments of an installation that have such a product. */
  owners(clients: CloudClients, installationId: string): Promise<string[]>;
  isUsable(clients: CloudClients, owner: Owner): Promise<boolean>;
  /** How many servers it has that are tasks beside the load generators. */
  serverTasks?(settings: Record<string, unknown>): number;
  /** The root's variables beside those that all roots on AWS have. */
  variables(spec: ExperimentSpec): Record<string, unknown>;
  limits: TerraformLimits;
  product(spec: ExperimentSpec): Product;
}

/** For how long what was listed is good: many ask whose things there are. */
const listedForMs = 5_000;
const listed = new Map<string, { atMs: number; ids: Promise<string[]> }>();

/**
 * A technology in an AWS account: its product, its network and its load generators, found by the names and tags that the
 * modules give them, whatever a state knows.
 * @param connect the clients of a region
 */
export function cloudPlacement(
  product: CloudProduct,
  connect: (place: CloudRegion) => Promise<CloudClients> = cloudClients,
): Placement {
  const at = (context: InstallationContext, region: string) =>
    connect({ region, endpointUrl: context.endpointUrl });
  const findIn = async (context: Seen, region: string): Promise<Finding> => {
    const clients = await at(context, region);
    const { spec } = context;
    return together(
      await Promise.all([
        product.find(clients, context, spec?.settings ?? {}),
        findNetwork(clients, context),
        findTasks(clients, context),
      ]),
    );
  };
  return {
    isRemote: true,
    limits: product.limits,
    assertReady: (context) => assertReady(context, at(context, regionOf(context))),
    async inventory(context) {
      const all = await Promise.all(regionsOf(context).map((region) => findIn(context, region)));
      return unique(all.flatMap(({ items }) => items));
    },
    owners: (installation) => ownersIn(installation, at, product),
    async expired(installation) {
      const all = allowedRegions(installation).map(async (region) =>
        listExpired(await at(installation, region), installation.installationId, new Date()),
      );
      return (await Promise.all(all)).flat();
    },
    async recall(installation, experimentId) {
      const seen = { ...installation, experimentId };
      const most = await regionOfMost(seen, findIn);
      if (!most) return null;
      const clients = await at(installation, most.region);
      const { items } = await product.find(clients, seen, {});
      const settings = (await product.recall?.(clients, seen)) ?? {};
      return { ...most, settings, isSure: items.length > 0 };
    },
    async adoptable(context) {
      const region = regionOf(context);
      await product.settle(await at(context, region), context);
      return (await findIn(context, region)).adoptable;
    },
    async isUsable(context) {
      const clients = await at(context, regionOf(context));
      const { services, problem } = await lookAtTasks(clients, context);
      const isWhole = services === tasksOf(product, context.spec) && problem === null;
      return isWhole && (await product.isUsable(clients, context));
    },
    async awaitReady(context, attempt) {
      const what = product.serverTasks ? 'load generators and servers' : 'load generators';
      await untilTasksRun(await at(context, regionOf(context)), context, attempt, { what });
    },
    async sweep(context) {
      for (const region of regionsOf(context)) {
        await deregisterRevisions(await at(context, region), context, context.cloud.accounts);
      }
    },
    portsNeeded: () => 0,
    generators: cloudGenerators,
    variables: (context) => ({ ...cloudVariables(context), ...product.variables(context.spec) }),
    // The provider finds an emulator by it, as every client of AWS does.
    environment: ({ endpointUrl }): Record<string, string> =>
      endpointUrl === null ? {} : { AWS_ENDPOINT_URL: endpointUrl },
    product: ({ spec }) => product.product(spec),
  };
}

function tasksOf({ serverTasks }: CloudProduct, { workload, settings }: ExperimentSpec): number {
  return workload.generators + (serverTasks?.(settings) ?? 0);
}

/** What is looked for: of an experiment whose record is lost, no spec is known. */
type Seen = InstallationContext & { experimentId: string; spec?: ExperimentSpec };

/** Regions in which experiments may be; none where nothing is set up. */
function allowedRegions({ cloud }: InstallationContext): string[] {
  return cloud.accounts.length === 0 ? [] : cloud.regions;
}

/** Where an experiment's things are; everywhere that they may be, where nobody knows it any more. */
function regionsOf({ spec, cloud, region }: PlacementContext): string[] {
  return spec.region === undefined ? [...new Set([...cloud.regions, region])] : [spec.region];
}

/** Roles are of no region: each look finds them. */
function unique(items: Finding['items']): Finding['items'] {
  return [...new Map(items.map((item) => [`${item.kind} ${item.name}`, item])).values()];
}

async function ownersIn(
  installation: InstallationContext,
  at: (installation: InstallationContext, region: string) => Promise<CloudClients>,
  product: CloudProduct,
): Promise<string[]> {
  const { installationId, endpointUrl } = installation;
  const all = allowedRegions(installation).map(async (region) => {
    const clients = await at(installation, region);
    const key = `${region} ${endpointUrl} ${installationId}`;
    const known = listed.get(key);
    const fresh = known && Date.now() - known.atMs < listedForMs ? known.ids : null;
    const shared = fresh ?? listSharedOwners(clients, installationId);
    if (!fresh) {
      listed.set(key, { atMs: Date.now(), ids: shared });
      // What failed is asked again.
      shared.catch(() => listed.delete(key));
    }
    return [...(await shared), ...(await product.owners(clients, installationId))];
  });
  return [...new Set((await Promise.all(all)).flat())];
}

/** Where most of an experiment is, and how many load generators it has there. */
async function regionOfMost(
  seen: Seen,
  findIn: (seen: Seen, region: string) => Promise<Finding>,
): Promise<Pick<Recalled, 'region' | 'generators'> | null> {
  const all = await Promise.all(
    allowedRegions(seen).map(async (region) => {
      const { items, adoptable } = await findIn(seen, region);
      return { region, adoptable, count: items.filter(({ kind }) => kind !== 'role').length };
    }),
  );
  const most = all.toSorted((one, other) => other.count - one.count)[0];
  if (!most) return null;
  const numbers = most.adoptable.flatMap(({ address }) =>
    [...address.matchAll(/^module\.load_generators\..*\["(\d+)"\]$/g)].map(([, number]) => Number(number)),
  );
  return { region: most.region, generators: Math.max(0, ...numbers) + 1 };
}

/** @throws InvalidInputError where only a person can mend it, TerraformFailedError where it may pass */
async function assertReady(context: PlacementContext, clients: Promise<CloudClients>): Promise<void> {
  const { cloud } = context;
  if (cloud.problem !== null) throw new InvalidInputError(cloud.problem);
  const region = regionOf(context);
  if (!cloud.regions.includes(region)) {
    throw new InvalidInputError(
      `region ${region} is not allowed here: COMPARATOR_AWS_REGIONS names ${cloud.regions.join(', ')}`,
    );
  }
  const account = await callerAccount(await clients);
  if (cloud.accounts.includes(account)) return;
  throw new InvalidInputError(
    `The credentials of AWS are of the account ${account}, and COMPARATOR_AWS_ACCOUNTS names ${cloud.accounts.join(', ')}: use credentials of one of these, or name it there, and start the comparator again.`,
  );
}

async function callerAccount({ sts }: CloudClients): Promise<string> {
  try {
    return (await sts.getCallerIdentity({})).Account ?? 'unknown';
  } catch (error) {
    const { name, message } = error as Error;
    const text = `AWS does not say whose credentials these are (${name}): ${message}`;
    // Without any, or with those that have expired, no later try succeeds.
    if (/Credentials|Token|AccessDenied/.test(name)) {
      throw new InvalidInputError(
        `${text.replace(/\.$/, '')}. Give it credentials as AWS's own tools find them, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE, and start the comparator again.`,
      );
    }
    throw new TerraformFailedError(text, []);
  }
}
