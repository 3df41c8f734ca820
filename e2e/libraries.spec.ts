// Where libraries come from, shown by running the image: gcc, namespaces.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildImage } from '../packages/package-vm/src/build/build-image.js';
import { collectBundle } from '../packages/package-vm/src/bundle/collect-bundle.js';
import { testRelease } from '../packages/package-vm/src/plan/testing/test-release.js';
import { readProject } from '../packages/package-vm/src/project/read-project.js';
import { rehearse } from '../packages/package-vm/src/rehearse/rehearse.js';

const canUnshare = spawnSync('unshare', ['--map-root-user', 'true']).status === 0;
const describeWhere = canUnshare ? describe : describe.skip;

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'libraries-')));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const gcc = (...args: readonly string[]): void => {
  execFileSync('gcc', args, { cwd: folder });
};

/** A library with one function that says its name. */
function library(path: string): void {
  const name = path.slice(path.lastIndexOf('/') + 4, -3);
  mkdirSync(join(folder, dirname(path)), { recursive: true });
  writeFileSync(join(folder, `${name}.c`), `#include <stdio.h>\nvoid ${name}(void) { printf("${name}\\n"); fflush(stdout); }\n`);
  gcc('-shared', '-fPIC', '-o', path, `${name}.c`, `-Wl,-soname,lib${name}.so`);
}

/** This machine's loader and C library, and a library that only its `ld.so.conf` leads to. */
function layRoot(root: string): void {
  const [loader = '', libc = ''] = ['ld-linux-x86-64.so.2', 'libc.so.6'].map((name) => realpathSync(execFileSync('gcc', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim()));
  for (const [from, to] of [[loader, 'lib64/ld-linux-x86-64.so.2'], [libc, 'lib/x86_64-linux-gnu/libc.so.6']] as const) {
    mkdirSync(join(folder, root, dirname(to)), { recursive: true });
    copyFileSync(from, join(folder, root, to));
  }
  mkdirSync(join(folder, root, 'etc/ld.so.conf.d'), { recursive: true });
  writeFileSync(join(folder, root, 'etc/ld.so.conf'), 'include /etc/ld.so.conf.d/*.conf\n');
  writeFileSync(join(folder, root, 'etc/ld.so.conf.d/own.conf'), '/opt/own\n');
  library(`${root}/opt/own/libconf.so`);
}

describeWhere(`libraries${canUnshare ? '' : ' (waits for user namespaces)'}`, () => {
  it('from $ORIGIN, from ld.so.conf, from a link path of cargo, and opened at run time are found by the guest', async () => {
    layRoot('root');
    library('target/lib/liborigin.so');
    library('linked/liblinked.so');
    library('extra/libopened.so');
    writeFileSync(
      join(folder, 'main.c'),
      '#include <dlfcn.h>\nvoid origin(void); void linked(void); void conf(void);\n' +
        'int main(void) { origin(); linked(); conf(); void *h = dlopen("libopened.so", RTLD_NOW); if (!h) return 9; ((void (*)(void))dlsym(h, "opened"))(); return 0; }\n',
    );
    gcc('-o', 'target/prover', 'main.c', '-Ltarget/lib', '-lorigin', '-Llinked', '-llinked', '-Lroot/opt/own', '-lconf', '-Wl,--enable-new-dtags', '-Wl,-rpath,$ORIGIN/lib');
    writeFileSync(join(folder, 'vm.json'), '{ "Program": "prover", "Mounts": { "%0": "/workspace" }, "ManifestPassthrough": { "readonly_rootfs": "true" } }');
    testRelease(join(folder, 'release'));

    const bundle = await collectBundle({
      programPath: join(folder, 'target/prover'), sysroot: join(folder, 'root'), searchPaths: [join(folder, 'linked')], extraLibraries: ['extra/libopened.so'], baseFolder: folder,
    });
    const project = await readProject({ folder, manifestPath: join(folder, 'vm.json'), program: 'prover' });
    const { imagePath } = await buildImage({ project, bundle, release: { nanosDir: join(folder, 'release') }, outputPath: join(folder, 'prover.img') });
    let output = '';
    const run = await rehearse({ imagePath, onOutput: (chunk) => (output += Buffer.from(chunk).toString()) });
    expect([output, run]).toEqual(['origin\nlinked\nconf\nopened\n', expect.objectContaining({ outcome: 'exited', exitCode: 0 })]);
  });
});
