/**
 * Three lanes: `unit` and `real` are `npm test`, `long` is `npm run test:long`. Tests that start servers, processes or
 * threads are named here, since they wait for more than the processor, the longest first (see longest-first.js); all others
 * are `unit`.
 */
export const lanes = {
  real: [
    'test/loadgen/session/known-product',
    'test/loadgen/session/lying-product',
    'test/workflows/experiment/experiment',
    'test/workflows/comparison/comparison',
    'test/loadgen/worker',
    'test/loadgen/session/session',
    'test/cli/commands',
    'test/workflows/reaper/reaper',
    'test/loadgen/drivers/kinesis/kinesis',
    'test/loadgen/drivers/nats/nats',
    'test/loadgen/drivers/nats/secured',
    'test/container/nats/server',
    'test/stack/stack',
    'test/api/sources/temporal-client',
    'test/workflows/experiment/second-life',
    'test/workflows/experiment/wrong-payloads',
    'test/workflows/run-queue/run-queue',
    'test/bootstrap',
    'test/workflows/experiment/home',
    'test/workflows/experiment/time-limit',
    'test/workflows/experiment/keep',
    'test/workflows/experiment/as-new',
    'test/activities/control/measured-now',
    'test/api/server',
    'test/workflows/replay',
    'test/cli/refusals',
    'test/scripts/dev',
    'test/temporal/',
    'test/storage/records',
    'test/storage/object-store',
    'test/activities/home/runs/interrupt',
    'test/activities/home/leaving/leave',
    'test/machine/launched',
    'test/loadgen/product-meter',
    'test/workflows/golden',
    'test/terraform/foreign-provider',
  ],
  /** These take minutes. */
  long: [
    'test/technologies/contract',
    'test/e2e',
    'test/web/page',
    'test/web/watching',
    'test/stack/listening',
    'test/container/entrypoints',
    'test/terraform/service/emulated',
    'test/workflows/run-queue/long-queue',
    'test/faults/subset-',
    'test/loadgen/drivers/kafka/broker-crash',
    'test/loadgen/drivers/kafka/kafka',
    'test/terraform/kinesis/aws/',
    'test/terraform/kafka/aws/',
    'test/terraform/nats/aws/',
    'test/web/troubles',
    'test/activities/home/kafka-local',
    'test/activities/home/kafka-existing',
    'test/activities/home/nats-existing',
    'test/activities/home/kinesis-existing',
    'test/stack/data-lost',
    'test/loadgen/session/warm-up/',
    'test/workflows/record-golden',
    'test/faults/strands',
    'test/web/keyboard',
    'test/web/form',
    'test/web/tabs',
    'test/terraform/roots',
    'test/loadgen/drivers/kafka/secured',
    'test/loadgen/drivers/kinesis/fan-out-consumer',
    'test/analysis/statistics/few-runs',
    'test/api/common/long-lists',
    'test/loadgen/measure/long-runs',
    'test/analysis/search-finds-limit',
    'test/faults/comparison/',
    'test/faults/terraform/',
  ],
};

const pathsOf = (lane) => lane.map((start) => `<rootDir>/${start}`);

const allBelow = (start) => `/${start}.*\\.test\\.ts$`;

const common = {
  testEnvironment: '<rootDir>/test/support/jest/environment.ts',
  modulePathIgnorePatterns: ['<rootDir>/.comparator', '<rootDir>/reports'],
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

const withServers = {
  ...common,
  globalSetup: '<rootDir>/test/support/jest/prepare.ts',
  setupFilesAfterEnv: ['<rootDir>/test/support/jest/patient.ts'],
};

/** @type {import('jest').Config} */
export default {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...pathsOf([...lanes.real, ...lanes.long])],
      setupFilesAfterEnv: ['<rootDir>/test/support/jest/quick.ts'],
    },
    {
      ...withServers,
      displayName: 'real',
      testRegex: lanes.real.map(allBelow),
    },
    {
      ...withServers,
      displayName: 'long',
      testRegex: lanes.long.map(allBelow),
    },
  ],
  testSequencer: '<rootDir>/test/support/jest/longest-first.js',
  reporters: ['default', '<rootDir>/test/support/jest/reporter.ts'],
  // One more than the processors of the smallest machine that this runs on, to use the waits for servers.
  maxWorkers: 3,
  // Tests of one file that run at the same time wait for a product's delays; more would take each other's processors, and
  // they measure something.
  maxConcurrency: 4,
};
