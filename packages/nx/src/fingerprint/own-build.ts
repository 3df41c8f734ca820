import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { digestLines } from './digests.js';
import { digestFile } from './file-digests.js';
import { ownFile } from '../plugin/own-file.js';

/** One digest of the built files of this package and of all packages of ours that it stands on. */
export function ownBuildDigest(): string {
  const folders = ownPackages(ownFile(''), new Set());
  return digestLines([...folders].flatMap((folder) => [digestFile(join(folder, 'package.json')) ?? '', ...builtFiles(join(folder, 'dist'))]).sort());
}

function ownPackages(folder: string, found: Set<string>): ReadonlySet<string> {
  if (found.has(folder)) return found;
  found.add(folder);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> };
  const { resolve } = createRequire(join(folder, 'package.json'));
  for (const name of Object.keys(dependencies)) {
    if (name === 'package-vm' || name.startsWith('@package-vm/')) ownPackages(dirname(resolve(`${name}/package.json`)), found);
  }
  return found;
}

function builtFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js'))
    .map((path) => `${path} ${digestFile(join(folder, path)) ?? ''}`);
}
