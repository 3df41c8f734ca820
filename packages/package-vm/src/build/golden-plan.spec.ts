import { layOutImage, openImage, type Tuple, type Value } from '@package-vm/disk-image';
import { parseManifest } from '@package-vm/manifest';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { writeImage } from './write-image.js';
import { collectBundle } from '../bundle/collect-bundle.js';
import { openFileSource } from '../host-files/file-source.js';
import { makePlan } from '../plan/make-plan.js';
import { layGoldenInput } from '../plan/testing/golden-project.js';
import { testRelease } from '../plan/testing/test-release.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'golden-plan-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Decoded {
  readonly root: { readonly environment: Readonly<Record<string, string>> };
  readonly entries: readonly { readonly path: string }[];
}

const decodedFolder = join(import.meta.dirname, '../../../disk-image/src/testing/golden');
const goldenDecoded = (name: string): Decoded => JSON.parse(gunzipSync(readFileSync(join(decodedFolder, name, 'decoded.json.gz'))).toString()) as Decoded;

function toJson(value: Value): unknown {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number(value);
  return Array.isArray(value) ? value.map(toJson) : Object.fromEntries([...(value as Tuple)].map(([key, item]) => [key, toJson(item)]));
}

/** Packages a golden input and reads it back. */
async function packageInput(name: Parameters<typeof layGoldenInput>[0]): Promise<{ root: unknown; entries: unknown[] }> {
  const { manifestPath, programPath } = layGoldenInput(name, folder);
  const { manifest } = parseManifest(readFileSync(manifestPath, 'utf8'), { file: 'manifest.json' });
  if (manifest === undefined) throw new Error('no manifest');
  const plan = await makePlan({
    manifest,
    placeOf: (keys) => ({ file: 'manifest.json', keys }),
    bundle: await collectBundle({ programPath }),
    release: testRelease(join(folder, 'release')),
    platform: 'gevulot',
    baseFolder: folder,
    workspaceRoot: folder,
  });
  expect(plan.findings).toEqual([]);
  const layout = layOutImage({ ...plan, bootLoader: readFileSync(join(folder, 'release/boot.img')) });
  const path = join(folder, 'out.img');
  const file = await open(path, 'w');
  await writeImage({ layout, file }).finally(() => file.close());
  const source = openFileSource(path);
  try {
    const { root } = openImage(source);
    const entries = root.entries.map((entry) => {
      if (entry.kind !== 'file') return { ...entry };
      const hash = createHash('sha256');
      for (const piece of root.readFile(entry.path)) hash.update(piece);
      return { path: entry.path, kind: 'file', size: entry.sizeBytes, sha256: hash.digest('hex') };
    });
    return { root: toJson(root.attributes), entries };
  } finally {
    source.close();
  }
}

describe('a golden input, packaged here', () => {
  it.each(['documented', 'many-keys', 'log-of-three-extensions'] as const)('gives the tree that ops made of it, apart from the listed differences: %s', async (name) => {
    const golden = goldenDecoded(name);
    const ours = await packageInput(name);
    // not from the machine: ops's own version is left out, the image has the program's name, the release is the test's
    const { OPS_VERSION, ...environment } = golden.root.environment;
    expect(OPS_VERSION).toBeDefined();
    expect(ours.root).toEqual({ ...golden.root, environment: { ...environment, IMAGE_NAME: 'hello', NANOS_VERSION: '0.1.54' } });
    // so that a run leaves the image untouched
    const selfLink = [{ kind: 'directory', path: '/proc/self' }, { kind: 'link', path: '/proc/self/exe', target: '/hello' }];
    const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1);
    expect(ours.entries).toEqual([...golden.entries, ...selfLink].sort(byPath));
  });
});
