import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeclaredInputs, type UndeclaredOptions, refuseUndeclared, undeclaredInputs } from './undeclared-inputs.js';

let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'undeclared-')));
  mkdirSync(join(root, 'ws/crates/prover'), { recursive: true });
  symlinkSync('ws', join(root, 'link'));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const NOTHING: DeclaredInputs = { filesets: [] };
const find = (files: readonly string[], environment: readonly string[] = [], declared: Partial<DeclaredInputs> = {}, more: Partial<UndeclaredOptions> = {}) =>
  undeclaredInputs({
    sources: { files: files.map((path) => join(root, 'ws', path)), environment },
    declared: { ...NOTHING, ...declared },
    workspaceRoot: join(root, 'ws'),
    crateFolder: join(root, 'ws/crates/prover'),
    ...more,
  });
const items = (...args: Parameters<typeof find>) => find(...args).map(({ item }) => item);

describe('undeclaredInputs', () => {
  it('names what is not declared, and the element that declares it', () => {
    expect(find(['shared/params.bin'], ['GIT_COMMIT'])).toEqual([
      {
        code: 'undeclared-input',
        severity: 'error',
        message: 'The build reads `shared/params.bin`, which is not among its inputs',
        hint: 'Add `"../../shared/params.bin"` to `inputs` in `[package.metadata.package-vm]`.',
        place: { file: 'crates/prover/Cargo.toml', keys: ['package', 'metadata', 'package-vm', 'inputs'] },
        item: '"../../shared/params.bin"',
      },
      expect.objectContaining({ code: 'undeclared-variable', message: 'The build reads the variable `GIT_COMMIT`, which is not among its inputs', item: '{ env = "GIT_COMMIT" }' }),
    ]);
  });

  it.each([
    { reason: 'the crate’s own files, hidden ones too', files: ['crates/prover/src/main.rs', 'crates/prover/.x/y'], declared: { filesets: ['{projectRoot}/**/*'] } },
    { reason: 'a folder', files: ['crates/field/src/lib.rs'], declared: { filesets: ['{workspaceRoot}/crates/field/**/*'] } },
    { reason: 'a file', files: ['Cargo.lock'], declared: { filesets: ['{workspaceRoot}/Cargo.lock'] } },
    { reason: 'a file that the key has in another way', files: ['../outside/key.bin'], declared: { holds: (path: string) => path.endsWith('/key.bin') } },
    { reason: 'what git keeps, to a command of git', files: ['.git/HEAD', '.git/refs/heads/main'], declared: { commands: ['git describe --tags'] } },
  ])('accepts $reason', ({ files, declared }) => {
    expect(items(files, [], declared)).toEqual([]);
  });

  it.each([
    { reason: 'a file that a fileset takes out', files: ['crates/prover/vm.json'], declared: { filesets: ['!{projectRoot}/vm.json', '{projectRoot}/**/*'] }, item: '"vm.json"' },
    { reason: 'a file that Nx does not hash', files: ['crates/prover/src/key.bin'], declared: { filesets: ['{projectRoot}/**/*'], isHashed: (path: string) => !path.endsWith('.bin') }, item: '"src/key.bin"' },
    { reason: 'a file of a project below', files: ['crates/prover/guest/src/main.rs'], declared: { filesets: ['{projectRoot}/**/*'] }, more: { nestedProjects: ['crates/prover/guest'] }, item: '"guest/src/main.rs"' },
    { reason: 'what is outside the Nx workspace', files: ['../outside/key.bin'], declared: { filesets: ['{workspaceRoot}/**/*'] }, item: '"../../../outside/key.bin"' },
    { reason: 'what git keeps', files: ['.git/HEAD', '.git/refs/heads/main'], declared: { filesets: ['{workspaceRoot}/**/*'] }, item: '{ runtime = "git rev-parse HEAD" }' },
    {
      reason: 'many vendored packages by the folder around them',
      files: ['a', 'b', 'c', 'd'].flatMap((name) => ['Cargo.toml', 'README.md', 'build.rs', 'src/lib.rs', 'z.c'].map((file) => `vendor/${name}/${file}`)),
      declared: {},
      item: '"../../vendor"',
    },
    { reason: 'four files of a folder by the folder', files: ['shared/a', 'shared/b', 'shared/c', 'shared/d', 'shared/more/e'], declared: {}, item: '"../../shared"' },
  ])('names $reason', ({ files, declared, more, item }) => {
    expect(items(files, [], declared, more)).toEqual([item]);
  });

  it('never names a folder that the crate is in', () => {
    expect(items(['a', 'b', 'c', 'd'])).toEqual(['"../../a"', '"../../b"', '"../../c"', '"../../d"']);
  });

  it('names what has nothing else in common with the crate by its full path', () => {
    const found = undeclaredInputs({ sources: { files: ['/usr/include/zlib.h'], environment: [] }, declared: NOTHING, workspaceRoot: join(root, 'ws'), crateFolder: join(root, 'ws/crates/prover') });
    expect(found.map(({ item }) => item)).toEqual(['"/usr/include/zlib.h"']);
  });

  it('accepts variables that every key holds, that are named, and that a pattern names', () => {
    expect(items([], ['CC', 'RUSTFLAGS', 'ZSTD_SYS_USE_PKG_CONFIG', 'MY_SEED', 'APP_A', 'APP'], { environment: ['MY_SEED', 'APP_*'] })).toEqual(['{ env = "APP" }']);
  });

  it('knows an Nx workspace behind a link', () => {
    const linked = { workspaceRoot: join(root, 'link'), crateFolder: join(root, 'link/crates/prover') };
    expect(items(['crates/prover/src/main.rs', 'a'], [], { filesets: ['{projectRoot}/**/*'] }, linked)).toEqual(['"../../a"']);
  });
});

describe('refuseUndeclared', () => {
  it('gives one line for everything, with what is declared already', () => {
    const refuse = (): void => {
      refuseUndeclared(find(['shared/params.bin'], ['SEED']), ['../a', { task: 'keys:make', files: 'k/*' }]);
    };
    expect(refuse).toThrow(
      expect.objectContaining({
        code: 'PVM_UNDECLARED_INPUT',
        message: expect.stringContaining('`shared/params.bin`') as unknown,
        hint: expect.stringContaining('\ninputs = ["../a", { task = "keys:make", files = "k/*" }, "../../shared/params.bin", { env = "SEED" }]') as unknown,
      }) as Error,
    );
  });

  it('says nothing when all is declared', () => {
    expect(() => {
      refuseUndeclared([]);
    }).not.toThrow();
  });
});
