import { expect, test } from '@jest/globals';
import { planByName, planLines, planWarnings } from '../../src/cli/commands/catalogue/plan-lines.ts';

const stream = {
  address: 'module.stream.aws_kinesis_stream.this',
  type: 'aws_kinesis_stream',
  action: 'create',
};
const role = { address: 'aws_iam_role.execution', type: 'aws_iam_role', action: 'create' };
const plan = { names: ['c', 'a'], region: 'eu-central-1', resources: [role, stream], warnings: [] };
const other = { ...plan, names: ['b'], resources: [stream] };

test('a plan says how much it makes, and what', () => {
  expect(planLines(plan)).toEqual([
    'c and a: terraform plans in eu-central-1 2 to create; nothing was made.',
    '  create  aws_iam_role.execution                 aws_iam_role',
    '  create  module.stream.aws_kinesis_stream.this  aws_kinesis_stream',
  ]);
  expect(planLines({ ...plan, resources: [stream, { ...role, action: 'delete' }] })[0]).toContain(
    '1 to create, 1 to delete;',
  );
  expect(planLines({ ...plan, resources: [] })).toEqual([
    'c and a: terraform plans in eu-central-1 nothing; nothing was made.',
  ]);
});

test('each experiment has its plan, in their own order, and one for another target has none', () => {
  expect(planByName(['a', 'b', 'local', 'c'], [plan, other])).toEqual([
    { name: 'a', resources: [role, stream] },
    { name: 'b', resources: [stream] },
    { name: 'c', resources: [role, stream] },
  ]);
});

test('warnings of terraform are a sentence each', () => {
  const warning = {
    severity: 'warning' as const,
    summary: 'Deprecated',
    detail: 'Use\n  another.\n',
    address: null,
  };
  expect(planWarnings([{ ...plan, warnings: [warning, { ...warning, detail: '' }] }, other])).toEqual([
    'c and a: terraform warns: Deprecated: Use another.',
    'c and a: terraform warns: Deprecated',
  ]);
});
