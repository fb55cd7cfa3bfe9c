import { expect, test } from '@jest/globals';
import type { CloudClients } from '../../../../activities/home/placements/aws/clients.ts';
import { findTasks, lookAtTasks } from '../../../../activities/home/placements/aws/tasks.ts';
import { natsAws, servers } from '../../../../activities/home/placements/nats-aws.ts';
import type { PlacementContext } from '../../../../activities/home/placements/placement.ts';
import type { ExperimentSpec } from '../../../../src/contracts/input/experiment.ts';
import { pinned } from '../../../../src/stack/setup/versions.ts';

const owner = { installationId: 'inst', experimentId: 'exp-1' };
const families = ['cmp-inst-exp-1-generator-0', 'cmp-inst-exp-1-server-1', 'cmp-inst-exp-1-server-x'];
const services = ['generator-0', 'server-1', 'somebody-elses'];

/** An account with roles, a cluster and its services, and task definitions. */
function account({ roles = ['start', 'load', 'serve'], more = {} } = {}): CloudClients {
  const ecs = {
    describeClusters: async () => ({ clusters: [{ clusterName: 'cmp-inst-exp-1', status: 'ACTIVE' }] }),
    listServices: async () => ({ serviceArns: services }),
    describeServices: async () => ({
      services: services.map((serviceName) => ({
        serviceName,
        status: 'ACTIVE',
        desiredCount: 1,
        runningCount: 1,
        ...(serviceName === 'server-1' ? more : {}),
      })),
    }),
    listTaskDefinitionFamilies: async () => ({ families }),
    listTaskDefinitions: async ({ familyPrefix = '' }) => ({
      taskDefinitionArns: [`arn:aws:ecs:eu-central-1:123456789012:task-definition/${familyPrefix}:1`],
    }),
    listTasks: async () => ({ taskArns: ['arn:task'] }),
    describeTasks: async () => ({ tasks: [{ stoppedReason: 'CannotPullContainerError' }] }),
  };
  const iam = {
    async getRole({ RoleName = '' }) {
      if (roles.some((role) => RoleName === `cmp-inst-exp-1-${role}`)) return { Role: { RoleName } };
      throw Object.assign(new Error('no such role'), { name: 'NoSuchEntityException' });
    },
    listRolePolicies: async ({ RoleName = '' }) => ({ PolicyNames: [RoleName.split('-').at(-1)] }),
  };
  return { ecs, iam, logs: { describeLogGroups: async () => ({}) } } as never;
}

test('servers are found beside load generators, each where its module has it', async () => {
  const { items, adoptable } = await findTasks(account(), owner);
  const places = Object.fromEntries(adoptable.map(({ address, importId }) => [address, importId]));
  expect(places).toMatchObject({
    'module.load_generators.aws_ecs_service.this["0"]': 'cmp-inst-exp-1/generator-0',
    'module.load_generators.aws_ecs_service.this["server-1"]': 'cmp-inst-exp-1/server-1',
    'module.load_generators.aws_ecs_task_definition.this["server-1"]':
      'arn:aws:ecs:eu-central-1:123456789012:task-definition/cmp-inst-exp-1-server-1:1',
    'module.load_generators.aws_iam_role.server[0]': 'cmp-inst-exp-1-serve',
    'module.load_generators.aws_iam_role_policy.server[0]': 'cmp-inst-exp-1-serve:serve',
  });
  // What is called otherwise is listed, where it stands in the experiment's own cluster, and taken over by nobody.
  expect(items.map(({ name }) => name)).toContain('cmp-inst-exp-1/somebody-elses');
  expect(JSON.stringify(adoptable)).not.toMatch(/somebody-elses|server-x/);
});

test('they are told apart from other products by their role, and imported once', async () => {
  const { items, adoptable } = await servers.find(account(), owner, {});
  expect(items).toMatchObject([{ kind: 'role', name: 'cmp-inst-exp-1-serve' }]);
  expect(adoptable).toEqual([]);
  const others = account({ roles: ['start', 'load'] });
  expect(await servers.find(others, owner, {})).toEqual({ items: [], adoptable: [] });
});

test('one that does not start is said to be a server', async () => {
  const failed = account({ more: { runningCount: 0, deployments: [{ rolloutState: 'FAILED' }] } });
  expect(await lookAtTasks(failed, owner)).toMatchObject({
    running: 2,
    problem: 'a server does not start: CannotPullContainerError',
  });
});

test('there are as many as copies, of the version that the image has, and a destroy has room for all that there can be', () => {
  expect(servers.serverTasks?.({ hosting: 'fargate', replicas: 3 })).toBe(3);
  const spec = { settings: { hosting: 'fargate', replicas: 3 } } as unknown as ExperimentSpec;
  expect(servers.variables(spec)).toEqual({});
  expect(natsAws.product({ spec } as PlacementContext)).toEqual({
    name: 'NATS Server',
    version: pinned.natsServer,
  });
  const lost = servers.variables({ settings: { replicas: 1 } } as unknown as ExperimentSpec);
  expect(lost).toMatchObject({
    settings: { replicas: 3, serverVcpus: 2, storageGibibytes: 100, syncInterval: '2m' },
  });
});
