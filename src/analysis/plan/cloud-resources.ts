import type { Expected } from '../../contracts/documents/api.ts';
import type { ExperimentSpec } from '../../contracts/input/experiment.ts';

/**
 * What experiments make in an AWS account, by Terraform's addresses in their roots; those of `aws` alone.
 * @param hasOwnNetwork whether each has a network made, rather than subnets of the user's
 */
export function cloudResources(
  specs: readonly ExperimentSpec[],
  hasOwnNetwork: boolean,
): NonNullable<Expected['resources']> {
  return specs
    .filter(({ target }) => target === 'aws')
    .map((spec) => ({
      name: spec.name,
      addresses: [...productOf(spec), ...networkOf(spec, hasOwnNetwork), ...tasksOf(spec)],
    }));
}

function productOf({ technology, settings }: ExperimentSpec): string[] {
  if (technology === 'kafka') return ['aws_msk_configuration.this', 'aws_msk_cluster.this'];
  // Its servers are tasks.
  if (technology === 'nats') return [];
  const fanOut = settings.consumer === 'enhanced-fan-out';
  return [
    'module.stream.aws_kinesis_stream.this',
    ...(fanOut ? ['module.stream.aws_kinesis_stream_consumer.this[0]'] : []),
  ];
}

function networkOf({ technology, settings }: ExperimentSpec, hasOwnNetwork: boolean): string[] {
  const isInside = technology !== 'kinesis';
  const own = [
    'aws_vpc.this[0]',
    'aws_default_security_group.closed[0]',
    ...Array.from({ length: zonesOf(technology, settings) }, (_, zone) => `aws_subnet.this[${zone}]`),
    'aws_internet_gateway.this[0]',
    'aws_default_route_table.this[0]',
    'aws_vpc_endpoint.s3[0]',
  ];
  const always = ['aws_security_group.generators', ...(isInside ? ['aws_security_group.product[0]'] : [])];
  return [...(hasOwnNetwork ? own : []), ...always].map((address) => `module.network.${address}`);
}

/** As the roots spread brokers and servers. */
function zonesOf(technology: string, { brokers, replicas }: ExperimentSpec['settings']): number {
  if (technology === 'nats') return Number(replicas);
  return technology === 'kafka' && Number(brokers) % 3 === 0 ? 3 : 2;
}

function tasksOf({ technology, settings, workload }: ExperimentSpec): string[] {
  const servers = technology === 'nats' ? Number(settings.replicas) : 0;
  const keys = [
    ...Array.from({ length: workload.generators }, (_, number) => String(number)),
    ...Array.from({ length: servers }, (_, index) => `server-${index + 1}`),
  ];
  const each = keys.flatMap((key) => [
    `aws_ecs_task_definition.this["${key}"]`,
    `aws_ecs_service.this["${key}"]`,
  ]);
  return [
    'aws_cloudwatch_log_group.this',
    'aws_ecs_cluster.this',
    'aws_iam_role.execution',
    'aws_iam_role_policy.execution',
    'aws_iam_role.generator',
    'aws_iam_role_policy.generator',
    ...(servers > 0 ? ['aws_iam_role.server[0]', 'aws_iam_role_policy.server[0]'] : []),
    ...each,
  ].map((address) => `module.load_generators.${address}`);
}
