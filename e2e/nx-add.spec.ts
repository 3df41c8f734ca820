import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { NxWorkspace, nxPackages } from './nx-workspace.js';
import { npmInstall, startRegistry } from './packed-packages.js';

/** What the README says to do in an Nx workspace, from `nx add` on, with the packages in a registry. Needs cargo, an assembler, and npm's registry. */

const missing = ['cargo', 'as'].find((tool) => spawnSync(tool, ['--version']).error !== undefined);
const hasRegistry = spawnSync('npm', ['view', 'nx', 'version', '--fetch-retries=0', '--fetch-timeout=10000']).status === 0;
const waitsFor = missing ?? (hasRegistry ? undefined : 'npm’s registry');
const suite = waitsFor === undefined ? describe : describe.skip;

const TIMEOUT_MS = 300_000;

suite(waitsFor === undefined ? 'nx add' : `nx add (needs ${waitsFor})`, () => {
  it('sets up a workspace in which a crate is packaged at once', async () => {
    const workspace = new NxWorkspace();
    workspace.isolatesPlugins = true;
    const registry = await startRegistry();
    const env = { npm_config_registry: registry.url, npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };
    const nx = (args: string): void => {
      expect(workspace.nx(args, env).failure).toBe('');
    };
    try {
      workspace.write({
        'package.json': JSON.stringify({ name: 'fresh', private: true, devDependencies: { nx: nxPackages().nx } }),
        'nx.json': JSON.stringify({ analytics: false }),
        '.gitignore': 'node_modules\n.nx\n',
        'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["provers/*"]\n',
        'provers/my-prover/Cargo.toml': '[package]\nname = "my-prover"\nversion = "0.1.0"\nedition = "2021"\n',
        'provers/my-prover/src/main.rs': 'fn main() {\n    println!("proved");\n}\n',
        'Cargo.lock': 'version = 4\n\n[[package]]\nname = "my-prover"\nversion = "0.1.0"\n',
      });
      npmInstall(workspace.root);
      workspace.git('init', '-q');

      nx('add @package-vm/nx');
      expect(JSON.parse(workspace.read('nx.json'))).toMatchObject({ plugins: [expect.anything()] });
      expect(workspace.read('package-lock.json')).toContain('node_modules/@package-vm/disk-image');
      nx('g @package-vm/nx:manifest provers/my-prover');
      // in the place of `package-vm nanos install`, which needs the network
      execFileSync(process.execPath, [join(import.meta.dirname, '../examples/placeholder-release/build.mjs'), join(workspace.root, 'nanos')], { stdio: 'ignore' });
      expect(workspace.run('package-vm', ['nanos', 'lock', '--nanos-dir', 'nanos'])).toMatchObject({ exitCode: 0 });
      nx('run my-prover:package-vm --nanosDir=nanos');
      expect(workspace.run('package-vm', ['verify-image', 'dist/package-vm/provers/my-prover/my-prover/image/my-prover.img'])).toMatchObject({ exitCode: 0 });
    } finally {
      await registry.stop();
      workspace.remove();
    }
  }, TIMEOUT_MS);
});
