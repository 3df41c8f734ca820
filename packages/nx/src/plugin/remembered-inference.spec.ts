import { existsSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inference } from './remembered-inference.js';
import { addFiles, crate, removeTrees, smallWorkspace, temporaryTree } from './testing/temporary-tree.js';

afterAll(removeTrees);

const MARK = 'taken from what was kept';
const settings = '[package.metadata.package-vm]\nmanifest = "../../run/prover.json"\n';
const FILES = {
  ...smallWorkspace,
  'crates/prover/Cargo.toml': crate('prover', `[dependencies]\nfield = { path = "../field" }\nout = { path = "../../../out" }\n${settings}`),
  'run/prover.json': '{ "Files": ["key.bin", "link"] }',
  'run/key.bin': '',
};
const matched = Object.keys(FILES).filter((path) => /(^|\/)(Cargo\.toml|vm\.json|[^/]+\.vm\.json)$/.test(path));

/** A workspace that was inferred once, and a mark in what is kept of it. */
async function keptWorkspace(): Promise<string> {
  const outer = temporaryTree({ 'out/Cargo.toml': crate('out') });
  const root = join(outer, 'ws');
  addFiles(root, FILES);
  symlinkSync('key.bin', join(root, 'run/link'));
  await inference(matched, {}, root);
  const file = join(root, '.nx/workspace-data/package-vm-projects.json');
  const kept = JSON.parse(readFileSync(file, 'utf8')) as { inference: { projects: { name: string }[] } };
  for (const project of kept.inference.projects) project.name = MARK;
  writeFileSync(file, JSON.stringify(kept));
  return root;
}

async function isKept(root: string, files = matched, options = {}): Promise<boolean> {
  return (await inference(files, options, root)).projects[0]?.name === MARK;
}

describe('inference', () => {
  it('is taken from what was kept while nothing has changed', async () => {
    expect(await isKept(await keptWorkspace())).toBe(true);
  });

  it.each<{ reason: string; change: (root: string) => void }>([
    { reason: 'a Cargo.toml', change: (root) => { addFiles(root, { 'crates/other/Cargo.toml': crate('another') }); } },
    { reason: 'a manifest', change: (root) => { addFiles(root, { 'crates/pair/prove.vm.json': '{ "Files": ["x"] }' }); } },
    { reason: 'a manifest of another name', change: (root) => { addFiles(root, { 'run/prover.json': '{}' }); } },
    { reason: 'a crate outside the Nx workspace', change: (root) => { addFiles(root, { '../out/Cargo.toml': crate('out', '[workspace]') }); } },
    { reason: 'a cargo workspace above', change: (root) => { addFiles(root, { '../Cargo.toml': '[workspace]' }); } },
    { reason: 'a Cargo.toml between, which git ignores', change: (root) => { addFiles(root, { 'crates/Cargo.toml': '[workspace]\nmembers = ["prover"]' }); } },
    { reason: 'a choice of toolchain', change: (root) => { addFiles(root, { 'crates/rust-toolchain.toml': '' }); } },
    { reason: 'a build script', change: (root) => { addFiles(root, { 'crates/field/build.rs': '' }); } },
    { reason: 'where a link leads', change: (root) => { unlinkSync(join(root, 'run/link')); symlinkSync('prover.json', join(root, 'run/link')); } },
    { reason: 'a lock file with us in it', change: (root) => { addFiles(root, { 'package-lock.json': '@package-vm/nx', 'node_modules/@package-vm/nx/x': '' }); } },
  ])('is made anew after a change of $reason', async ({ change }) => {
    const root = await keptWorkspace();
    change(root);
    expect(await isKept(root)).toBe(false);
  });

  it('is made anew for other files and other options', async () => {
    expect(await isKept(await keptWorkspace(), matched.slice(0, -1))).toBe(false);
    expect(await isKept(await keptWorkspace(), matched, { runVm: false })).toBe(false);
  });

  it('is not kept while a file cannot be read', async () => {
    const root = temporaryTree({ 'Cargo.toml': '[workspace]\nmembers = [' });
    await inference(['Cargo.toml'], {}, root);
    expect(existsSync(join(root, '.nx'))).toBe(false);
  });
});
