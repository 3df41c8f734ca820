// Two projects: `unit` (fast, offline, parallel) and `e2e` (real tools, slow).
const shared = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    // specs run from the sources: no build needed
    '^@package-vm/(errors|process|manifest|disk-image|ops)$': '<rootDir>/packages/$1/src/index.ts',
    '^@package-vm/manifest/fix$': '<rootDir>/packages/manifest/src/fix/index.ts',
    '^@package-vm/disk-image/(mbr|tfs|elf)$': '<rootDir>/packages/disk-image/src/$1/index.ts',
    '^package-vm$': '<rootDir>/packages/package-vm/src/index.ts',
    '^package-vm/(build-key|light|run-record)$': '<rootDir>/packages/package-vm/src/$1.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/packages/[^/]+/dist', '<rootDir>/dist', '<rootDir>/.nx'],
};

export default {
  // a time limit ends what hangs; no test is slow on purpose
  testTimeout: 60_000,
  projects: [
    { ...shared, displayName: 'unit', rootDir: import.meta.dirname, testMatch: ['<rootDir>/packages/*/src/**/*.spec.ts'] },
    { ...shared, displayName: 'e2e', rootDir: import.meta.dirname, testMatch: ['<rootDir>/e2e/**/*.spec.ts'] },
  ],
};
