/** @type {import('jest').Config} */
module.exports = {
  rootDir: '../..',
  roots: ['<rootDir>/test/e2e'],
  testEnvironment: 'node',
  transform: { '^.+\\.tsx?$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }] },
  // The files are one story on the same machines: one after the other, in the order of their names.
  maxWorkers: 1,
  testSequencer: '<rootDir>/test/e2e/support/in-order.cjs',
  globalSetup: '<rootDir>/test/e2e/support/setup.ts',
  globalTeardown: '<rootDir>/test/e2e/support/teardown.ts',
  testTimeout: 600_000,
  verbose: true,
};
