/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // These take minutes: `jest --testMatch '**/test/faults/terraform/*.test.ts'` runs them; the rest of the fault suite is `npm run test:faults`.
  testMatch: ['<rootDir>/test/**/*.test.ts', '!<rootDir>/test/faults/terraform/**'],
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
