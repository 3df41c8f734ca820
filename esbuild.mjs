// The second half of `npm run build`: each package's code as few files, since Node takes a quarter of a millisecond for each.
// What entries share lies in `dist/chunks`, two folders below the package as in `src`; a chunk's name holds a digest of it.
import { build } from 'esbuild';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const packages = join(import.meta.dirname, 'packages');

/** What is loaded by its path: by `exports` and `bin`, by Nx, as a thread. */
const ENTRIES = {
  errors: ['index'],
  process: ['index'],
  manifest: ['index', 'fix/index'],
  'disk-image': ['index', 'mbr/index', 'tfs/index', 'elf/index'],
  ops: ['index'],
  'package-vm': ['index', 'build-key', 'light', 'run-record', 'cli/main', 'host-files/digest-files-worker', 'build/image-hasher-worker'],
  nx: ['index', 'fingerprint', ...['cargo-build', 'package-vm', 'check-manifest', 'rehearse-vm', 'run-vm'].map((name) => `executors/${name}/executor`), ...['init', 'prover', 'manifest'].map((name) => `generators/${name}/generator`)],
};

for (const [name, entries] of Object.entries(ENTRIES)) {
  const folder = join(packages, name);
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: entries.map((entry) => `src/${entry}.ts`),
    outbase: 'src',
    outdir: 'dist',
    chunkNames: 'chunks/[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    metafile: true,
    logLevel: 'warning',
  });
  const made = new Set(Object.keys(metafile.outputs));
  for (const path of readdirSync(join(folder, 'dist'), { recursive: true })) {
    if (/\.js(\.map)?$/.test(path) && !made.has(`dist/${path}`)) rmSync(join(folder, 'dist', path));
  }
}
