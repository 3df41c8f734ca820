import { jest } from '@jest/globals';
import type { ExecutorContext } from '@nx/devkit';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkManifest } from './executor.js';

let root: string;
let printed: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'check-manifest-'));
  mkdirSync(join(root, 'crate'));
  writeFileSync(join(root, 'crate/Cargo.toml'), '[package]\nname = "my_prover"\n');
  printed = [];
  for (const method of ['error', 'log'] as const) jest.spyOn(console, method).mockImplementation((line: unknown) => { printed.push(String(line)); });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true });
});

const good = { Mounts: { '%0': '/workspace' }, ManifestPassthrough: { readonly_rootfs: 't', debug_exit: 't' } };

async function run(manifest: object, maxWarnings?: number): Promise<boolean> {
  writeFileSync(join(root, 'crate/vm.json'), JSON.stringify({ ...good, ...manifest }));
  const projectsConfigurations = { version: 2, projects: { crate: { root: 'crate' } } };
  const context: ExecutorContext = { root, cwd: root, isVerbose: false, projectName: 'crate', projectsConfigurations, nxJsonConfiguration: {}, projectGraph: { nodes: {}, dependencies: {} } };
  return (await checkManifest(maxWarnings === undefined ? {} : { maxWarnings }, context)).success;
}

describe('check-manifest', () => {
  it('fails when a finding is an error', async () => {
    expect(await run({})).toBe(true);
    expect(printed).toEqual(['No errors.']);
    expect(await run({ RebootOnExit: true })).toBe(false);
  });

  it.each([
    { reason: 'any number', maxWarnings: undefined, success: true },
    { reason: 'as many as there are', maxWarnings: 1, success: true },
    { reason: 'fewer', maxWarnings: 0, success: false },
  ])('bears $reason of warnings', async ({ maxWarnings, success }) => {
    expect(await run({ NanosVersion: '0.1.54' }, maxWarnings)).toBe(success);
    expect(printed.at(-1)).toBe(success ? 'No errors.' : 'More than 0 warnings.');
  });
});
