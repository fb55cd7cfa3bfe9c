import { expect, test } from '@jest/globals';
import { plannedResources } from '../../../../activities/home/planning/planned-resources.ts';

const change = (addr: string, action: string, type = 'planned_change') =>
  JSON.stringify({
    '@level': 'info',
    type,
    change: { resource: { addr, resource_type: /(\w+)\.\w+(\[.*\])?$/.exec(addr)?.[1] }, action },
  });

test('what a plan makes is told in the order of addresses; what it reads, or leaves, is not', () => {
  const output = [
    'no JSON, such as a panic that tells of a planned_change',
    JSON.stringify({ type: 'version', terraform: '1.11.4' }),
    change('module.network.aws_vpc.this[0]', 'create'),
    change('module.network.data.aws_region.this', 'read'),
    change('aws_kinesis_stream.old', 'create', 'resource_drift'),
    change('aws_kinesis_stream.kept', 'noop'),
    change('module.load_generators.aws_ecs_service.this["0"]', 'create'),
    JSON.stringify({ type: 'change_summary', changes: { operation: 'plan', add: 2, change: 0, remove: 0 } }),
    '',
  ].join('\n');
  expect(plannedResources(output)).toEqual([
    {
      address: 'module.load_generators.aws_ecs_service.this["0"]',
      type: 'aws_ecs_service',
      action: 'create',
    },
    { address: 'module.network.aws_vpc.this[0]', type: 'aws_vpc', action: 'create' },
  ]);
});

test('a message of a plan that is not understood is no shorter plan', () => {
  const other = JSON.stringify({ type: 'planned_change', change: { resource: {}, action: 'create' } });
  expect(() => plannedResources(other)).toThrow('addr');
});
