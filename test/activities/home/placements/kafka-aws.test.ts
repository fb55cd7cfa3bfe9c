import { expect, test } from '@jest/globals';
import type { CloudClients } from '../../../../activities/home/placements/aws/clients.ts';
import { msk } from '../../../../activities/home/placements/kafka-aws.ts';
import type { ExperimentSpec } from '../../../../src/contracts/input/experiment.ts';

const owner = { installationId: 'inst', experimentId: 'exp-1' };
const arn = (name: string) => `arn:aws:kafka:eu-central-1:123456789012:cluster/${name}/uuid-1`;

/** MSK with clusters, whose names begin as asked for, and configurations on two pages. */
function kafka(states: string[], secrets: string[] = []): CloudClients {
  let looks = 0;
  return {
    kafka: {
      async listClusters({ ClusterNameFilter: start = '' }) {
        const State = states[Math.min(looks, states.length - 1)];
        looks += 1;
        const names = ['cmp-inst-exp-10', 'cmp-inst-exp-1', 'cmp-other-exp-1'];
        const found = names.filter((name) => name.startsWith(start));
        return {
          ClusterInfoList: found.map((ClusterName) => ({ ClusterName, ClusterArn: arn(ClusterName), State })),
        };
      },
      async listConfigurations({ NextToken }: { NextToken?: string }) {
        return NextToken
          ? { Configurations: [{ Name: 'cmp-inst-exp-1', Arn: 'arn:configuration', State: 'ACTIVE' }] }
          : { Configurations: [{ Name: 'cmp-inst-exp-10', Arn: 'arn:other' }], NextToken: 'more' };
      },
      listScramSecrets: async () => ({ SecretArnList: secrets }),
    },
  } as never;
}

test('takes no cluster and no configuration for its own but those of its very name', async () => {
  const { items, adoptable } = await msk.find(kafka(['ACTIVE'], ['arn:secret']), owner, {});
  expect(items.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'kafka-cluster cmp-inst-exp-1',
    'kafka-configuration cmp-inst-exp-1',
  ]);
  expect(adoptable).toEqual([
    { address: 'aws_msk_cluster.this', importId: arn('cmp-inst-exp-1') },
    {
      address: 'aws_msk_single_scram_secret_association.this[0]',
      importId: `${arn('cmp-inst-exp-1')},arn:secret`,
    },
    { address: 'aws_msk_configuration.this', importId: 'arn:configuration' },
  ]);
});

test('whose they are is told by their names', async () => {
  const ids = await msk.owners(kafka(['ACTIVE']), 'inst');
  expect([...new Set(ids)].sort()).toEqual(['exp-1', 'exp-10']);
});

test('can be used once it is active', async () => {
  expect(await msk.isUsable(kafka(['CREATING']), owner)).toBe(false);
  expect(await msk.isUsable(kafka(['ACTIVE']), owner)).toBe(true);
});

test('gives the root the brokers that the settings ask for, and any where nobody knows them', () => {
  const settings = { hosting: 'msk', instanceType: 'kafka.m5.large', storageGibibytes: 50 };
  expect(msk.variables({ settings } as unknown as ExperimentSpec)).toEqual({
    broker: { instance_type: 'kafka.m5.large', storage_gibibytes: 50 },
    kafka_version: '3.9.x.kraft',
  });
  const lost = msk.variables({ settings: { brokers: 1 } } as unknown as ExperimentSpec);
  expect(lost).toMatchObject({ settings: { brokers: 3, replicationFactor: 3 } });
});
