/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // The fault suite takes minutes: `jest --testMatch '**/test/faults/**/*.test.ts'` runs it.
  testMatch: ['<rootDir>/test/**/*.test.ts', '!<rootDir>/test/faults/**'],
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
