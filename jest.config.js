/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // These take minutes; `npm test -- test/faults/terraform --testPathIgnorePatterns node_modules` runs them.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/faults/terraform/'],
  modulePathIgnorePatterns: ['<rootDir>/.comparator', '<rootDir>/reports'],
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
  // Most tests wait for real servers rather than for the processor.
  maxWorkers: 2,
  testTimeout: 120_000,
  forceExit: true,
};
