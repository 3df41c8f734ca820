import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const packages = join(import.meta.dirname, '../packages');

/** Packs the built packages of this repository into a folder, as they would be published. Gives the dependencies of a `package.json` there. */
export function packPackages(folder: string, { withNx }: { readonly withNx: boolean }): Readonly<Record<string, string>> {
  const names = readdirSync(packages).filter((name) => withNx || name !== 'nx');
  const packed = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', folder, ...names.map((name) => join(packages, name))], { encoding: 'utf8' })) as readonly {
    name: string;
    filename: string;
  }[];
  return Object.fromEntries(packed.map(({ name, filename }) => [name, `file:${filename}`]));
}

/** Installs what a `package.json` names, from npm's cache where it can. */
export function npmInstall(folder: string): void {
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}
