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
      addresses: [
        ...productOf(spec),
        ...networkOf(spec, hasOwnNetwork),
        ...generatorsOf(spec.workload.generators),
      ],
    }));
}

function productOf({ technology, settings }: ExperimentSpec): string[] {
  if (technology === 'kafka') return ['aws_msk_configuration.this', 'aws_msk_cluster.this'];
  const fanOut = settings.consumer === 'enhanced-fan-out';
  return [
    'module.stream.aws_kinesis_stream.this',
    ...(fanOut ? ['module.stream.aws_kinesis_stream_consumer.this[0]'] : []),
  ];
}

function networkOf({ technology, settings }: ExperimentSpec, hasOwnNetwork: boolean): string[] {
  const isInside = technology === 'kafka';
  // As the root of MSK spreads brokers.
  const zones = isInside && Number(settings.brokers) % 3 === 0 ? 3 : 2;
  const own = [
    'aws_vpc.this[0]',
    'aws_default_security_group.closed[0]',
    ...Array.from({ length: zones }, (_, zone) => `aws_subnet.this[${zone}]`),
    'aws_internet_gateway.this[0]',
    'aws_default_route_table.this[0]',
    'aws_vpc_endpoint.s3[0]',
  ];
  const always = ['aws_security_group.generators', ...(isInside ? ['aws_security_group.product[0]'] : [])];
  return [...(hasOwnNetwork ? own : []), ...always].map((address) => `module.network.${address}`);
}

function generatorsOf(generators: number): string[] {
  const each = Array.from({ length: generators }, (_, number) => [
    `aws_ecs_task_definition.this["${number}"]`,
    `aws_ecs_service.this["${number}"]`,
  ]).flat();
  return [
    'aws_cloudwatch_log_group.this',
    'aws_ecs_cluster.this',
    'aws_iam_role.execution',
    'aws_iam_role_policy.execution',
    'aws_iam_role.generator',
    'aws_iam_role_policy.generator',
    ...each,
  ].map((address) => `module.load_generators.${address}`);
}
