import { expect, it } from '@jest/globals';
import { isForeignTerraform } from '../../../../activities/home/state/foreign-terraform.ts';

it.each([
  [['/usr/bin/terraform', 'apply'], [], true],
  [['terraform', '-chdir=x'], ['COMPARATOR_TERRAFORM_RUN=2'], false],
  [['tofu', 'apply'], ['A=b'], true],
  [['/x/terraform-provider-aws_v5'], [], false],
  [['vim', 'terraform'], [], false],
])('whether %j is a terraform of somebody else', (args, environment, expected) => {
  expect(isForeignTerraform({ args, environment })).toBe(expected);
});
