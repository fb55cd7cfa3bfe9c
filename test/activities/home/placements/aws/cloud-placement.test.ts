import { describe, expect, test } from '@jest/globals';
import type { CloudClients } from '../../../../../activities/home/placements/aws/clients.ts';
import {
  type CloudProduct,
  cloudPlacement,
} from '../../../../../activities/home/placements/aws/cloud-placement.ts';
import { found, together } from '../../../../../activities/home/placements/aws/finding.ts';
import type { PlacementContext } from '../../../../../activities/home/placements/placement.ts';
import { experimentSchema } from '../../../../../src/contracts/input/experiment.ts';

const stream = experimentSchema.parse({
  name: 'a stream',
  technology: 'kinesis',
  target: 'aws',
  workload: { load: { shape: 'constant', messagesPerSecond: 1 }, producers: 2 },
});
// As an earlier version accepted it.
const spec = { ...stream, workload: { ...stream.workload, generators: 2 } };
const cloud = {
  accounts: ['123456789012'],
  regions: ['eu-central-1', 'us-east-1'],
  image: null,
  secretArns: {},
  network: null,
  problem: null,
};
const context = {
  installationId: 'inst',
  experimentId: 'exp-1',
  region: 'us-east-1',
  endpointUrl: null,
  cloud,
  spec,
} as unknown as PlacementContext;

/** An account that has one thing of the product in a region, and nothing else. */
function placementIn(region: string, account = '123456789012', services: object[] = []) {
  const product: CloudProduct = {
    limits: { runMs: 1, patienceMs: 1, cancelGraceMs: 1 },
    find: async (clients) =>
      (clients as unknown as { region: string }).region === region
        ? found('stream', 'cmp-inst-exp-1', 'a stream', { address: 'stream', importId: region })
        : together([]),
    settle: async () => {},
    owners: async () => [],
    isUsable: async () => true,
    variables: () => ({}),
    product: () => ({ name: 'fake', version: null }),
  };
  const empty = async () => ({});
  const asked: string[] = [];
  const placement = cloudPlacement(product, async ({ region: at }) => {
    asked.push(at);
    const ec2 = new Proxy({}, { get: () => empty });
    const ecs = {
      describeClusters: empty,
      listTaskDefinitionFamilies: empty,
      listServices: async () => ({ serviceArns: services.map((_, index) => `arn:${index}`) }),
      describeServices: async () => ({ services }),
      listTasks: async () => ({ taskArns: ['arn:task'] }),
      describeTasks: async () => ({ tasks: [{ containers: [{ reason: 'CannotPullContainerError' }] }] }),
    };
    const missing = async () => {
      throw Object.assign(new Error('no such role'), { name: 'NoSuchEntityException' });
    };
    const iam = { getRole: missing, listRolePolicies: missing };
    const sts = {
      async getCallerIdentity() {
        if (account === 'none') throw Object.assign(new Error('none'), { name: 'CredentialsProviderError' });
        if (account === 'away') throw Object.assign(new Error('gone'), { name: 'TimeoutError' });
        return { Account: account };
      },
    };
    return { region: at, ec2, ecs, iam, sts, logs: { describeLogGroups: empty } } as unknown as CloudClients;
  });
  return { placement, asked };
}

describe('before anything is made', () => {
  const assert = (account: string, more: object = {}) =>
    placementIn('us-east-1', account).placement.assertReady?.({ ...context, ...more });

  test('an account that is allowed does', async () => {
    await expect(assert('123456789012')).resolves.toBeUndefined();
  });

  test.each([
    [
      '999999999999',
      {},
      'InvalidInputError',
      /are of the account 999999999999, and COMPARATOR_AWS_ACCOUNTS names 123456789012/,
    ],
    [
      'none',
      {},
      'InvalidInputError',
      /does not say whose credentials these are \(CredentialsProviderError\).*\. Give it .*AWS_PROFILE/,
    ],
    ['away', {}, 'TerraformFailedError', /TimeoutError/],
    [
      '123456789012',
      { spec: { ...spec, region: 'us-west-2' } },
      'InvalidInputError',
      /us-west-2 is not allowed here/,
    ],
    ['123456789012', { cloud: { ...cloud, problem: 'not set up' } }, 'InvalidInputError', /not set up/],
  ])('that of %s with %j is a %s', async (account, more, name, message) => {
    const refused = assert(account, more);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ name });
  });
});

describe('what there is of an experiment', () => {
  test('is looked for in its region alone', async () => {
    const { placement, asked } = placementIn('eu-central-1');
    const there = { ...context, spec: { ...spec, region: 'us-east-1' } };
    expect(await placement.inventory(there)).toEqual([]);
    expect(new Set(asked)).toEqual(new Set(['us-east-1']));
  });

  test('is looked for in every region that may be used, where nobody knows it any more', async () => {
    const { placement } = placementIn('eu-central-1');
    expect(await placement.inventory(context)).toMatchObject([{ kind: 'stream' }]);
    expect(await placement.recall?.(context, 'exp-1')).toEqual({
      region: 'eu-central-1',
      generators: 1,
      settings: {},
      isSure: true,
    });
  });

  test('is imported from the region in which terraform works', async () => {
    const { placement } = placementIn('eu-central-1');
    expect(await placement.adoptable({ ...context, spec: { ...spec, region: 'eu-central-1' } })).toEqual([
      { address: 'stream', importId: 'eu-central-1' },
    ]);
    expect(await placement.adoptable(context)).toEqual([]);
  });

  test('is nobody’s concern where nothing is set up', async () => {
    const { placement, asked } = placementIn('us-east-1');
    expect(await placement.owners?.({ ...context, cloud: { ...cloud, accounts: [] } })).toEqual([]);
    expect(asked).toEqual([]);
  });
});

const service = (more: object = {}) => ({ status: 'ACTIVE', desiredCount: 1, runningCount: 1, ...more });

test.each([
  ['both services', [service(), service()], true],
  ['one that has not started yet', [service(), service({ runningCount: 0 })], true],
  ['one service of two', [service()], false],
  ['one that is being removed', [service(), service({ status: 'DRAINING', desiredCount: 0 })], false],
  ['one that failed', [service(), service({ deployments: [{ rolloutState: 'FAILED' }] })], false],
])('with %s it can be used: %j → %s', async (_, services, usable) => {
  const { placement } = placementIn('us-east-1', '123456789012', services);
  expect(await placement.isUsable(context)).toBe(usable);
});

test('a load generator that cannot start says why', async () => {
  const failed = service({ runningCount: 0, deployments: [{ rolloutState: 'FAILED' }] });
  const { placement } = placementIn('us-east-1', '123456789012', [failed]);
  const attempt = { ending: () => null, report: () => {} };
  await expect(placement.awaitReady?.(context, attempt)).rejects.toThrow(
    'a load generator does not start: CannotPullContainerError',
  );
});
