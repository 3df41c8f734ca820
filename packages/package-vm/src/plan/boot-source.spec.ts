import { type Manifest, parseManifest } from '@package-vm/manifest';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootFiles } from './boot-files.js';
import { testRelease } from './testing/test-release.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boot-source-'));
  mkdirSync(join(folder, 'crate/nanos/klibs'), { recursive: true });
  writeFileSync(join(folder, 'crate/nanos/kernel.img'), 'own kernel');
  writeFileSync(join(folder, 'crate/nanos/klibs/gpu_nvidia'), 'own klib');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function boot(manifest: Manifest): ReturnType<typeof bootFiles> {
  const parsed = parseManifest(JSON.stringify(manifest), { file: 'vm.json' });
  const release = testRelease(join(folder, 'release'), { ntp: 'klib' });
  return bootFiles({ manifest: parsed.manifest ?? {}, placeOf: (keys) => ({ file: 'vm.json', keys }), release, baseFolder: join(folder, 'crate'), workspaceRoot: folder });
}

describe('bootFiles', () => {
  it('takes kernel and klibs from where the manifest says, with their digests', () => {
    const { files, findings } = boot({ Kernel: 'nanos/kernel.img', KlibDir: 'nanos/klibs', Klibs: ['gpu_nvidia'] });
    expect(findings).toEqual([]);
    expect(files).toMatchObject([
      { path: '/kernel', sizeBytes: 10, origin: 'crate/nanos/kernel.img' },
      { path: '/klib/gpu_nvidia', sizeBytes: 8, origin: 'crate/nanos/klibs/gpu_nvidia' },
    ]);
  });

  it('replaces all klibs of the release by those of the folder, as ops does', () => {
    expect(boot({ KlibDir: 'nanos/klibs', Klibs: ['ntp'] }).findings).toMatchObject([
      { code: 'missing-klib', message: 'The klib `ntp` is not in `nanos/klibs`', hint: 'It has `gpu_nvidia`.', place: { keys: ['Klibs', 0] } },
    ]);
    expect(boot({ Klibs: ['ntp'] }).findings).toEqual([]);
  });

  it.each([
    { reason: 'a kernel that does not exist', manifest: { Kernel: 'none' }, code: 'missing-path' },
    { reason: 'a folder as kernel', manifest: { Kernel: 'nanos' }, code: 'not-a-file', hint: 'Correct the path: `Kernel` names a file.' },
    { reason: 'klibs that do not exist', manifest: { KlibDir: 'none' }, code: 'missing-path' },
    { reason: 'a file as folder of klibs', manifest: { KlibDir: 'nanos/kernel.img' }, code: 'not-a-folder', hint: 'Correct the path: `KlibDir` names a folder.' },
    { reason: 'a folder of another machine', manifest: { KlibDir: '/usr' }, code: 'outside-workspace' },
  ])('refuses $reason', ({ manifest, code, hint = expect.any(String) as string }) => {
    expect(boot(manifest).findings).toMatchObject([{ code, hint, place: { keys: Object.keys(manifest) } }]);
  });
});
