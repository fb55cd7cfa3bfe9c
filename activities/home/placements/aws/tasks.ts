import { allPages, type CloudClients, unlessMissing } from './clients.ts';
import { type Finding, found, nameOf, type Owner, together } from './finding.ts';

const module = 'module.load_generators';

type Clients = Pick<CloudClients, 'ecs' | 'iam' | 'logs'>;

/** What ends the name of each task's service and task definition; the first of these is a load generator's. */
const taskPattern = /^(?:generator-(\d+)|(server-\d+))$/;

/** By what the module knows a task, whose service has this name; null for one that is none of its own. */
function taskKey(serviceName: string): string | null {
  const [, generator, server] = taskPattern.exec(serviceName) ?? [];
  return generator ?? server ?? null;
}

/** What the aws-generator module made of an experiment, by the names that it gives. */
export async function findTasks(clients: Clients, owner: Owner): Promise<Finding> {
  return together(
    await Promise.all([
      findLogs(clients, owner),
      findCluster(clients, owner),
      findTaskDefinitions(clients, owner),
      findRole(clients, owner, { suffix: 'start', resource: 'execution' }),
      findRole(clients, owner, { suffix: 'load', resource: 'generator' }),
      findServers(clients, owner),
    ]),
  );
}

/** The role of servers that are tasks, without which none is made; where there are such servers, it is there. */
export function findServers(clients: Clients, owner: Owner): Promise<Finding> {
  return findRole(clients, owner, { suffix: 'serve', resource: 'server', index: '[0]' });
}

async function findLogs({ logs }: Clients, owner: Owner): Promise<Finding> {
  const name = `/comparator/${nameOf(owner)}`;
  const { logGroups = [] } = await logs.describeLogGroups({ logGroupNamePrefix: name });
  // Of a longer name it is another's.
  const isThere = logGroups.some(({ logGroupName }) => logGroupName === name);
  if (!isThere) return together([]);
  const at = { address: `${module}.aws_cloudwatch_log_group.this`, importId: name };
  return found('log-group', name, 'log group, by its name', at);
}

/** The services of an experiment's cluster that are not yet gone. */
async function servicesOf({ ecs }: Pick<CloudClients, 'ecs'>, cluster: string) {
  const arns = await unlessMissing(
    ['ClusterNotFoundException'],
    allPages((nextToken) =>
      ecs
        .listServices({ cluster, nextToken })
        .then(({ serviceArns, nextToken: next }) => ({ items: serviceArns, next })),
    ),
  );
  const all = [];
  // AWS describes ten at a time.
  for (let from = 0; from < (arns?.length ?? 0); from += 10) {
    const { services = [] } = await ecs.describeServices({ cluster, services: arns?.slice(from, from + 10) });
    all.push(...services);
  }
  return all.filter(({ status }) => status !== 'INACTIVE');
}

async function findCluster({ ecs }: Clients, owner: Owner): Promise<Finding> {
  const name = nameOf(owner);
  const { clusters = [] } = await ecs.describeClusters({ clusters: [name] });
  const isThere = clusters.some(({ clusterName, status }) => clusterName === name && status !== 'INACTIVE');
  if (!isThere) return together([]);
  const services = await servicesOf({ ecs }, name);
  return together([
    found('cluster', name, 'ECS cluster, by its name', {
      address: `${module}.aws_ecs_cluster.this`,
      importId: name,
    }),
    ...services.map(({ serviceName = '', status, runningCount }) => {
      const key = taskKey(serviceName);
      const address = `${module}.aws_ecs_service.this["${key}"]`;
      const at = key === null ? null : { address, importId: `${name}/${serviceName}` };
      const what = `ECS service, ${status} with ${runningCount} tasks by describe`;
      return found('service', `${name}/${serviceName}`, what, at);
    }),
  ]);
}

/** Revisions of the experiment's task definitions, by what the module knows the task, the newest first. */
async function revisionsOf({ ecs }: Pick<CloudClients, 'ecs'>, owner: Owner): Promise<Map<string, string[]>> {
  const start = `${nameOf(owner)}-`;
  const families = await allPages((nextToken) =>
    ecs
      .listTaskDefinitionFamilies({ familyPrefix: start, status: 'ACTIVE', nextToken })
      .then(({ families: items, nextToken: next }) => ({ items, next })),
  );
  const revisions = new Map<string, string[]>();
  for (const family of families) {
    const key = family.startsWith(start) ? taskKey(family.slice(start.length)) : null;
    if (key === null) continue;
    const arns = await allPages((nextToken) =>
      ecs
        .listTaskDefinitions({ familyPrefix: family, status: 'ACTIVE', sort: 'DESC', nextToken })
        .then(({ taskDefinitionArns, nextToken: next }) => ({ items: taskDefinitionArns, next })),
    );
    // As a family's name begins, another's may.
    const own = arns.filter((arn) => arn.split('/').at(-1)?.split(':')[0] === family);
    const revision = (arn: string) => Number(arn.split(':').at(-1));
    if (own.length > 0)
      revisions.set(
        key,
        own.toSorted((one, other) => revision(other) - revision(one)),
      );
  }
  return revisions;
}

async function findTaskDefinitions(clients: Clients, owner: Owner): Promise<Finding> {
  const revisions = await revisionsOf(clients, owner);
  return together(
    [...revisions].flatMap(([key, arns]) =>
      arns.map((arn, index) => {
        const address = `${module}.aws_ecs_task_definition.this["${key}"]`;
        const at = index === 0 ? { address, importId: arn } : null;
        return found('task-definition', arn, 'ECS task definition, by its family', at);
      }),
    ),
  );
}

/**
 * Takes back the revisions of task definitions that no state knows of: a terraform that was killed between two leaves one
 * more than there is room for in its state. Nothing runs by them, and nothing else of a state is touched.
 */
export async function deregisterRevisions(
  clients: Pick<CloudClients, 'ecs'>,
  owner: Owner,
  accounts: readonly string[],
): Promise<void> {
  for (const arns of (await revisionsOf(clients, owner)).values()) {
    for (const taskDefinition of arns) {
      if (!accounts.includes(taskDefinition.split(':')[4] ?? '')) continue;
      await clients.ecs.deregisterTaskDefinition({ taskDefinition });
    }
  }
}

async function findRole(
  { iam }: Clients,
  owner: Owner,
  { suffix, resource, index = '' }: { suffix: string; resource: string; index?: string },
): Promise<Finding> {
  const name = `${nameOf(owner)}-${suffix}`;
  const missing = ['NoSuchEntityException', 'NoSuchEntity'];
  const role = await unlessMissing(missing, iam.getRole({ RoleName: name }));
  if (!role) return together([]);
  const policies = await unlessMissing(missing, iam.listRolePolicies({ RoleName: name }));
  const at = { address: `${module}.aws_iam_role.${resource}${index}`, importId: name };
  const own = policies?.PolicyNames?.includes(suffix)
    ? [{ address: `${module}.aws_iam_role_policy.${resource}${index}`, importId: `${name}:${suffix}` }]
    : [];
  return together([
    found('role', name, 'IAM role, by its name', at),
    // It goes with its role, but an apply that is tried again must know it.
    { items: [], adoptable: own },
  ]);
}

/** How far an experiment's tasks are: load generators, and servers where these are tasks, too. */
export interface TaskStates {
  /** Services that are there to have a task each. */
  services: number;
  running: number;
  /** What cannot start, and why, as ECS says it; null while all may. */
  problem: string | null;
}

/** Looks how far the tasks are, and why one does not start. */
export async function lookAtTasks({ ecs }: Pick<CloudClients, 'ecs'>, owner: Owner): Promise<TaskStates> {
  const cluster = nameOf(owner);
  const active = (await servicesOf({ ecs }, cluster)).filter(
    ({ status, desiredCount }) => status === 'ACTIVE' && desiredCount === 1,
  );
  const running = active.filter(({ runningCount = 0 }) => runningCount > 0);
  const failed = active.find(({ deployments = [] }) =>
    deployments.some(({ rolloutState }) => rolloutState === 'FAILED'),
  );
  const problem = failed ? await failureOf({ ecs }, cluster, failed.serviceName) : null;
  return { services: active.length, running: running.length, problem };
}

/** What does not start, and why, as ECS says it. */
async function failureOf(
  clients: Pick<CloudClients, 'ecs'>,
  cluster: string,
  serviceName: string | undefined,
): Promise<string> {
  const what = serviceName?.startsWith('server-') ? 'a server' : 'a load generator';
  const reason = await stoppedReason(clients, cluster, serviceName);
  return `${what} does not start: ${reason ?? 'its deployment has failed'}`;
}

async function stoppedReason(
  { ecs }: Pick<CloudClients, 'ecs'>,
  cluster: string,
  serviceName: string | undefined,
): Promise<string | null> {
  const { taskArns: tasks = [] } = await ecs.listTasks({ cluster, serviceName, desiredStatus: 'STOPPED' });
  if (tasks.length === 0) return null;
  const { tasks: stopped = [] } = await ecs.describeTasks({ cluster, tasks: tasks.slice(0, 10) });
  for (const { stoppedReason: reason, containers } of stopped) {
    const said = containers?.find((one) => one.reason)?.reason ?? reason;
    if (said) return said;
  }
  return null;
}
