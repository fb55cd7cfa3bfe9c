import { describe, expect, test } from '@jest/globals';
import {
  cloudFaultsOfComparison,
  cloudFaultsOfExperiment,
  type KnownCloud,
} from '../../../src/analysis/plan/cloud.ts';
import { expectedOfExperiment } from '../../../src/analysis/plan/expected-time.ts';
import { roomProblems, takenBytes } from '../../../src/analysis/plan/room.ts';
import { comparisonSchema } from '../../../src/contracts/input/comparison.ts';
import { experimentSchema } from '../../../src/contracts/input/experiment.ts';

const cloud: KnownCloud = { regions: ['eu-central-1', 'us-east-1'], region: 'us-east-1', problem: null };
const workload = { load: { shape: 'constant', messagesPerSecond: 1_000 }, durationSeconds: 60 };
const kafka = { name: 'kafka', technology: 'kafka', target: 'aws', settings: { hosting: 'msk' } };
const kinesis = { name: 'kinesis', technology: 'kinesis', target: 'aws' };
const experiment = (more: object) => experimentSchema.parse({ ...kinesis, workload, ...more });
const faults = (more: object, known = cloud) => cloudFaultsOfExperiment(experiment(more), known);

test('what is within everything is begun', () => {
  expect(faults({})).toEqual([]);
  expect(faults({ region: 'eu-central-1' })).toEqual([]);
});

test('an installation that is not set up for it refuses it at the target, and says why', () => {
  expect(faults({}, { ...cloud, problem: 'it is not set up' })).toEqual([
    { pointer: '/target', detail: 'it is not set up' },
  ]);
  const comparison = comparisonSchema.parse({
    name: 'both',
    workload,
    variants: [{ name: 'here', technology: 'kafka' }, kinesis],
  });
  expect(cloudFaultsOfComparison(comparison, { ...cloud, problem: 'it is not set up' })).toEqual([
    { pointer: '/variants/1/target', detail: 'it is not set up' },
  ]);
});

test('what is on this machine is nobody’s concern', () => {
  const here = experimentSchema.parse({ name: 'here', technology: 'kafka', workload });
  expect(cloudFaultsOfExperiment(here, { ...cloud, problem: 'it is not set up' })).toEqual([]);
});

test('what is to be kept takes so much longer, and must end within its budget', () => {
  const [short, kept] = [experiment({}), experiment({ keepMinutes: 30 })].map((one) =>
    expectedOfExperiment(one),
  );
  expect((kept?.seconds ?? 0) - (short?.seconds ?? 0)).toBe(30 * 60);
  const budget = { maxMinutes: 40 };
  expect(faults({ budget })).toEqual([]);
  expect(faults({ budget, keepMinutes: 40 })).toEqual([
    {
      pointer: '/budget/maxMinutes',
      detail: expect.stringMatching(
        /destroyed after 40: raise it, or lower the time of the load, or keepMinutes$/,
      ),
    },
  ]);
});

test('a region that is not allowed is refused, that of the settings too', () => {
  expect(faults({ region: 'us-west-2' })).toEqual([
    {
      pointer: '/region',
      detail: expect.stringMatching(/^us-west-2 is not allowed here: choose one of: eu-central-1, us-east-1/),
    },
  ]);
  expect(faults({}, { ...cloud, region: 'us-west-2' })).toMatchObject([{ pointer: '/region' }]);
});

describe('a budget', () => {
  test('that is too small is refused with the arithmetic', () => {
    const [fault] = cloudFaultsOfExperiment(
      experimentSchema.parse({ ...kafka, workload, budget: { maxCostUsd: 1, maxMinutes: 120 } }),
      cloud,
    );
    expect(fault?.pointer).toBe('/budget/maxCostUsd');
    // 2 h, and 20 minutes to remove it: 3 brokers × $0.204 × 2⅓ h = $1.43, and the rest.
    expect(fault?.detail).toMatch(/^may come to \$1\.77, more than the \$1\.00 that it may cost: kafka: /);
    expect(fault?.detail).toContain('3 broker-hour × $0.204 × 2.33 h = $1.43');
    expect(fault?.detail).toContain('2 vCPU-hour × $0.04048 × 2.33 h = $0.19');
  });

  test('of a comparison is that of all its experiments', () => {
    const input = { name: 'twice', workload, variants: [kafka, kinesis], repetitions: 3 };
    const comparison = comparisonSchema.parse({ ...input, budget: { maxCostUsd: 5 } });
    const [fault] = cloudFaultsOfComparison(comparison, cloud);
    expect(fault?.pointer).toBe('/budget/maxCostUsd');
    expect(fault?.detail).toMatch(/more than the \$5\.00 that it may cost, 3 times: kafka: .*; kinesis: /);
    const enough = comparisonSchema.parse({ ...input, budget: { maxCostUsd: 50 } });
    expect(cloudFaultsOfComparison(enough, cloud)).toEqual([]);
  });

  test('that ends before the measurement is refused', () => {
    const spec = experimentSchema.parse({ ...kafka, workload, budget: { maxMinutes: 30 } });
    expect(cloudFaultsOfExperiment(spec, cloud)).toEqual([
      {
        pointer: '/budget/maxMinutes',
        detail: expect.stringMatching(/^kafka takes about 4\d minutes, and is destroyed after 30:/),
      },
    ]);
  });
});

test('it takes nothing of this machine, and says what it costs', () => {
  const spec = experimentSchema.parse({ ...kafka, workload });
  expect(takenBytes(spec)).toEqual({ disk: 0, reserved: 0, inMemory: 0, ledger: 0 });
  expect(roomProblems(spec, { diskBytes: 1, memoryBytes: 1 })).toEqual([]);
  const { costUsd, costReason } = expectedOfExperiment(spec);
  expect(costUsd).toBeCloseTo(1.77, 2);
  expect(costReason).toContain('3 broker-hour × $0.204');
});
