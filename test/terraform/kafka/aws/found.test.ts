import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { cloudClients } from '../../../../activities/home/placements/aws/clients.ts';
import { kafkaAws, msk } from '../../../../activities/home/placements/kafka-aws.ts';
import type { PlacementContext } from '../../../../activities/home/placements/placement.ts';
import { type Bench, startBench } from '../../../activities/home/support/terraform-world.ts';

/**
 * Amazon MSK as MiniStack has it: clusters and configurations, by AWS's own client. It has no `DescribeClusterV2` and
 * deletes no configuration, so that the root itself cannot be applied there, nor on moto, which has no configurations.
 */

jest.setTimeout(120_000);

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(async () => {
  await bench?.stop();
});

test('cluster, configuration and secret of an experiment are found by their names, and nobody else’s', async () => {
  const place = { region: 'us-east-1', endpointUrl: bench.emulator.url };
  const clients = await cloudClients(place);
  const make = async (name: string) => {
    const { Arn } = await clients.kafka.createConfiguration({
      Name: name,
      KafkaVersions: ['3.9.x'],
      ServerProperties: new TextEncoder().encode('min.insync.replicas=2'),
    });
    const { ClusterArn } = await clients.kafka.createCluster({
      ClusterName: name,
      KafkaVersion: '3.9.x',
      NumberOfBrokerNodes: 3,
      BrokerNodeGroupInfo: { ClientSubnets: ['subnet-1'], InstanceType: 'kafka.m7g.large' },
    });
    return { configuration: Arn, cluster: ClusterArn };
  };
  const own = await make('cmp-test01-exp-1');
  await make('cmp-test01-exp-10');
  await make('mine');
  const secret = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:AmazonMSK_one-AbCdEf';
  await clients.kafka.batchAssociateScramSecret({ ClusterArn: own.cluster, SecretArnList: [secret] });

  const owner = { installationId: 'test01', experimentId: 'exp-1' };
  const { items, adoptable } = await msk.find(clients, owner, {});
  expect(items.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'kafka-cluster cmp-test01-exp-1',
    'kafka-configuration cmp-test01-exp-1',
  ]);
  expect(adoptable).toEqual([
    { address: 'aws_msk_cluster.this', importId: own.cluster },
    { address: 'aws_msk_single_scram_secret_association.this[0]', importId: `${own.cluster},${secret}` },
    { address: 'aws_msk_configuration.this', importId: own.configuration },
  ]);
  await msk.settle(clients, owner);
  expect(await msk.isUsable(clients, owner)).toBe(true);

  const cloud = { ...bench.deps.cloud, accounts: ['000000000000'], regions: ['us-east-1'] };
  const context = { ...owner, ...place, cloud, spec: { settings: {} } } as unknown as PlacementContext;
  const owners = (await kafkaAws.owners?.(context)) ?? [];
  expect(owners.sort()).toEqual(['exp-1', 'exp-10']);
  expect(await kafkaAws.recall?.(context, 'exp-1')).toMatchObject({ region: 'us-east-1', isSure: true });
  expect(await kafkaAws.recall?.(context, 'exp-2')).toMatchObject({ isSure: false });
  expect(await kafkaAws.inventory(context)).toHaveLength(2);
});
