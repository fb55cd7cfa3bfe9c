import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { expectedOfComparison } from '../../src/analysis/plan/expected-time.ts';
import { loadSpecFile } from '../../src/cli/spec-file/load-file.ts';
import { projectRoot } from '../../src/config.ts';
import { comparisonSchema } from '../../src/contracts/input/comparison.ts';
import { cloudEnvironment } from '../../src/machine/cloud/settings.ts';

const page = readFileSync(join(projectRoot, 'terraform', 'AWS.md'), 'utf8');

test('the page on AWS names every setting, and what the example may cost', () => {
  expect(Object.keys(cloudEnvironment).filter((name) => !page.includes(name))).toEqual([]);
  const { spec } = loadSpecFile(join(projectRoot, 'examples', 'kafka-vs-kinesis-aws.yaml'));
  const { costUsd, seconds } = expectedOfComparison(comparisonSchema.parse(spec));
  expect(page).toContain(`it may come to $${costUsd?.toFixed(2)} at most`);
  // "about an hour"
  expect(seconds / 3_600).toBeCloseTo(1, 0);
});
