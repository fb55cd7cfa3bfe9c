import { setTimeout as delay } from 'node:timers/promises';
import { kafkaSettingsSchema } from '../../../src/technologies/kafka/settings.ts';
import { TerraformFailedError } from '../errors.ts';
import { allPages, type CloudClients, unlessMissing } from './aws/clients.ts';
import { type CloudProduct, cloudPlacement } from './aws/cloud-placement.ts';
import { type Finding, found, nameOf, type Owner, together } from './aws/finding.ts';
import { ownerByName } from './aws/owners.ts';

/** A cluster that is being made takes half an hour, and can neither be changed nor removed meanwhile. */
const settleForMs = 45 * 60_000;
const lookEveryMs = 10_000;
const passing = ['CREATING', 'UPDATING', 'MAINTENANCE', 'REBOOTING_BROKER', 'HEALING', 'DELETING'];

type Clients = Pick<CloudClients, 'kafka'>;

async function clusterOf({ kafka }: Clients, owner: Owner) {
  const name = nameOf(owner);
  // By the beginning of names; another's may be longer.
  const clusters = await allPages((NextToken) =>
    kafka
      .listClusters({ ClusterNameFilter: name, NextToken })
      .then(({ ClusterInfoList, NextToken: next }) => ({ items: ClusterInfoList, next })),
  );
  return clusters.find(({ ClusterName }) => ClusterName === name) ?? null;
}

async function configurations({ kafka }: Clients) {
  return await allPages((NextToken) =>
    kafka
      .listConfigurations({ NextToken })
      .then(({ Configurations, NextToken: next }) => ({ items: Configurations, next })),
  );
}

async function findCluster(clients: Clients, owner: Owner): Promise<Finding> {
  const cluster = await clusterOf(clients, owner);
  if (!cluster) return together([]);
  const { ClusterArn: arn = '', State } = cluster;
  const secrets = await unlessMissing(
    ['NotFoundException', 'BadRequestException'],
    clients.kafka.listScramSecrets({ ClusterArn: arn }),
  );
  const [secret] = secrets?.SecretArnList ?? [];
  const association = {
    address: 'aws_msk_single_scram_secret_association.this[0]',
    importId: `${arn},${secret}`,
  };
  return together([
    found('kafka-cluster', nameOf(owner), `Amazon MSK cluster, ${State} by its name`, {
      address: 'aws_msk_cluster.this',
      importId: arn,
    }),
    { items: [], adoptable: secret ? [association] : [] },
  ]);
}

async function findConfiguration(clients: Clients, owner: Owner): Promise<Finding> {
  const name = nameOf(owner);
  const own = (await configurations(clients)).filter((one) => one.Name === name);
  return together(
    own.map(({ Arn = '', State }) =>
      found('kafka-configuration', name, `configuration of Amazon MSK, ${State} by its name`, {
        address: 'aws_msk_configuration.this',
        importId: Arn,
      }),
    ),
  );
}

/** @throws TerraformFailedError where it takes longer than MSK ever does */
async function settle(clients: Clients, owner: Owner): Promise<void> {
  const deadline = Date.now() + settleForMs;
  for (;;) {
    const state = (await clusterOf(clients, owner))?.State;
    if (state === undefined || !passing.includes(state)) return;
    if (Date.now() > deadline) {
      throw new TerraformFailedError(
        `the MSK cluster ${nameOf(owner)} has stayed ${state} for ${settleForMs / 60_000} minutes`,
        [],
      );
    }
    await delay(lookEveryMs);
  }
}

/** Amazon MSK, as far as it is Kafka's own. */
export const msk: CloudProduct = {
  // A cluster takes half an hour to make and ten minutes to remove; less than an attempt of the activity may take.
  limits: { runMs: 75 * 60_000, patienceMs: 120_000, cancelGraceMs: 60_000 },
  find: async (clients, owner) =>
    together(await Promise.all([findCluster(clients, owner), findConfiguration(clients, owner)])),
  settle,
  async owners(clients, installationId) {
    const start = nameOf({ installationId, experimentId: '' });
    const clusters = await allPages((NextToken) =>
      clients.kafka
        .listClusters({ ClusterNameFilter: start, NextToken })
        .then(({ ClusterInfoList, NextToken: next }) => ({ items: ClusterInfoList, next })),
    );
    return [
      ...clusters.flatMap(({ ClusterName }) => ownerByName(ClusterName, start, '')),
      ...(await configurations(clients)).flatMap(({ Name }) => ownerByName(Name, start, '')),
    ];
  },
  isUsable: async (clients, owner) => (await clusterOf(clients, owner))?.State === 'ACTIVE',
  variables({ settings }) {
    const filled = ofMsk(settings);
    const { instanceType, storageGibibytes, kafkaVersion } = filled;
    return {
      ...(settings.hosting === undefined ? { settings: filled } : {}),
      broker: { instance_type: instanceType, storage_gibibytes: storageGibibytes },
      kafka_version: kafkaVersion,
    };
  },
  product: ({ settings }) => ({ name: 'Amazon MSK', version: ofMsk(settings).kafkaVersion ?? null }),
};

/** Of an experiment whose record is lost nobody knows them: a destroy takes any that the root does. */
function ofMsk(settings: Record<string, unknown>) {
  return kafkaSettingsSchema.parse(settings.hosting === undefined ? { hosting: 'msk' } : settings);
}

/** Amazon MSK, with load generators on Fargate. */
export const kafkaAws = cloudPlacement(msk);
