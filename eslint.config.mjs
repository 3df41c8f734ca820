import tseslint from 'typescript-eslint';
import { arrowRules } from './eslint.arrows.mjs';

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '**/target/', '.nx/', 'coverage/'] },
  {
    files: ['packages/*/src/**/*.ts', 'e2e/**/*.ts', 'bench/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Named exports only (STYLE.md, 9).' }],
    },
  },
  { files: ['packages/!(package-vm|nx)/src/**/*.ts', 'packages/package-vm/src/!(cli)/**/*.ts'], rules: { 'no-console': 'error' } },
  // executors, generators and the Jest entry points are loaded by their default export
  { files: ['packages/nx/src/**/*.ts'], rules: { 'no-restricted-syntax': 'off' } },
  ...arrowRules,
);
