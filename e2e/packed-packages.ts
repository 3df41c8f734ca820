import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const packages = join(import.meta.dirname, '../packages');

/** Packs the built packages of this repository into a folder, as they would be published. Gives the dependencies of a `package.json` there. */
export function packPackages(folder: string, { withNx }: { readonly withNx: boolean }): Readonly<Record<string, string>> {
  return Object.fromEntries(packed(folder, withNx).map(({ name, filename }) => [name, `file:${filename}`]));
}

/** An npm registry on the loopback interface that has the packed packages, and knows where the rest is; see `registry-double.mjs`. */
export async function startRegistry(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'package-vm-registry-'));
  const manifests = new Map(readdirSync(packages).map((name) => JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')) as { name: string }).map((manifest) => [manifest.name, manifest]));
  writeFileSync(join(folder, 'packages.json'), JSON.stringify(packed(folder, true).map((one) => ({ ...one, manifest: manifests.get(one.name) }))));
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const server = spawn(process.execPath, [join(import.meta.dirname, 'registry-double.mjs'), folder, upstream], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } });
  const [port] = (await once(server.stdout, 'data')) as [Buffer];
  return {
    url: `http://127.0.0.1:${port.toString().trim()}/`,
    stop: async () => {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

function packed(folder: string, withNx: boolean): readonly { readonly name: string; readonly filename: string }[] {
  const names = readdirSync(packages).filter((name) => withNx || name !== 'nx');
  return JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', folder, ...names.map((name) => join(packages, name))], { encoding: 'utf8' })) as { name: string; filename: string }[];
}

/** Installs what a `package.json` names, from npm's cache where it can. */
export function npmInstall(folder: string): void {
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}
