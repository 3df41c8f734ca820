import { ESLint } from 'eslint';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';

const root = join(import.meta.dirname, '..');

async function complaints(file: string, specifier: string): Promise<readonly string[]> {
  const { arrowRules } = (await import(join(root, 'eslint.arrows.mjs'))) as { arrowRules: [] };
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } }, ...arrowRules],
  });
  const [result] = await eslint.lintText(`import { x } from '${specifier}';\n`, { filePath: join(root, file) });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

describe('the import rules', () => {
  it.each([
    { file: 'packages/errors/src/x.ts', specifier: '@package-vm/process' },
    { file: 'packages/disk-image/src/x.ts', specifier: '@package-vm/manifest' },
    { file: 'packages/manifest/src/x.ts', specifier: 'execa' },
    { file: 'packages/package-vm/src/cargo/x.ts', specifier: 'execa' },
    { file: 'packages/package-vm/src/index.ts', specifier: '@package-vm/nx' },
    { file: 'packages/package-vm/src/cli/x.ts', specifier: '@nx/devkit' },
    { file: 'packages/package-vm/src/plan/x.ts', specifier: '../build/x.js' },
    { file: 'packages/package-vm/src/inspect/deep/x.ts', specifier: '../../rehearse/x.js' },
    { file: 'packages/package-vm/src/bundle/x.ts', specifier: '../index.js' },
    { file: 'packages/nx/src/x.ts', specifier: '@package-vm/disk-image' },
    { file: 'packages/nx/src/executors/x.ts', specifier: '../../../package-vm/src/index.js' },
    { file: 'packages/disk-image/src/tfs/x.ts', specifier: '../../../../packages/errors/src/index.js' },
  ])('forbid $file to import $specifier', async ({ file, specifier }) => {
    await expect(complaints(file, specifier)).resolves.toEqual(['no-restricted-imports']);
  });

  it.each([
    { file: 'packages/process/src/x.ts', specifier: 'execa' },
    { file: 'packages/package-vm/src/build/x.ts', specifier: '../plan/x.js' },
    { file: 'packages/package-vm/src/bundle/x.ts', specifier: '@package-vm/disk-image/elf' },
    { file: 'packages/nx/src/x.ts', specifier: 'package-vm/light' },
    { file: 'packages/nx/src/x.ts', specifier: '@nx/devkit' },
  ])('let $file import $specifier', async ({ file, specifier }) => {
    await expect(complaints(file, specifier)).resolves.toEqual([]);
  });
});
