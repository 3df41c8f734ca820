// The second half of `npm run build`: each package's code as few files, since Node takes a quarter of a millisecond for each.
// A chunk's name holds a digest of it. What is loaded later has a path of its own, so that a process from before a build finds it after.
import { build } from 'esbuild';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
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
  nx: ['index', 'fingerprint', ...namedIn('executors.json', 'implementation'), ...namedIn('generators.json', 'factory')],
};

for (const [name, entries] of Object.entries(ENTRIES)) {
  const folder = join(packages, name);
  const bundle = (entryPoints, write) =>
    build({
      absWorkingDir: folder,
      entryPoints: [...entryPoints],
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
      write,
      logLevel: 'warning',
    });
  const files = entries.map((entry) => `src/${entry}.ts`);
  const { inputs } = (await bundle(files, false)).metafile;
  const imports = Object.values(inputs).flatMap((input) => input.imports);
  const later = imports.filter(({ kind, external }) => kind === 'dynamic-import' && external !== true).map(({ path }) => path);
  const { outputs } = (await bundle(new Set([...files, ...later.sort()]), true)).metafile;
  for (const path of readdirSync(join(folder, 'dist'), { recursive: true }).map((path) => path.replaceAll('\\', '/'))) {
    if (/\.(js|map)$/.test(path) && outputs[`dist/${path}`] === undefined) rmSync(join(folder, 'dist', path));
  }
}

/** The modules that one of the plugin's files for Nx names. */
function namedIn(file, key) {
  const [named] = Object.values(JSON.parse(readFileSync(join(packages, 'nx', file), 'utf8'))).filter((value) => typeof value === 'object');
  return Object.values(named).map(({ [key]: module }) => module.replace('./dist/', ''));
}
