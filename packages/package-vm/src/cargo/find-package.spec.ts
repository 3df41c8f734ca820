import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findPackage } from './find-package.js';
import { StandInCargo } from './testing/stand-in-cargo.js';

let cargo: StandInCargo;
beforeEach(() => {
  cargo = new StandInCargo();
});
afterEach(() => {
  cargo.remove();
});

const find = (path: string, program?: string) => findPackage({ path: join(cargo.folder, path), program, env: cargo.env });

describe('findPackage', () => {
  it.each([
    { reason: 'its folder', path: 'crate' },
    { reason: 'its Cargo.toml', path: 'crate/Cargo.toml' },
    { reason: 'a file below it', path: 'crate/src/main.rs' },
    { reason: 'a folder below it', path: 'crate/src' },
  ])('finds a package by $reason', async ({ path }) => {
    cargo.hasPackages({ crate: ['prover'], other: ['verifier'] });
    cargo.write('crate/src/main.rs', '');
    expect(await find(path)).toEqual({
      name: 'crate',
      version: '0.1.0',
      spec: `path+file://${cargo.crate}#0.1.0`,
      manifestPath: join(cargo.crate, 'Cargo.toml'),
      folder: cargo.crate,
      buildDir: join(cargo.folder, 'target'),
      targetDir: join(cargo.folder, 'target'),
      workspaceRoot: cargo.crate,
      bins: ['prover'],
      program: 'prover',
      metadata: { platform: 'nanos' },
    });
    expect(cargo.lastCall()).toMatchObject({ folder: cargo.crate, args: expect.arrayContaining(['metadata', '--no-deps', '--offline']) as unknown });
  });

  it('chooses the program that is named', async () => {
    cargo.hasPackages({ crate: ['prover', 'verifier'] });
    expect(await find('crate', 'verifier')).toMatchObject({ program: 'verifier', bins: ['prover', 'verifier'] });
  });

  it('takes `default-run` for a choice', async () => {
    cargo.hasPackages({ crate: ['prover', 'verifier'] }, 'verifier');
    expect(await find('crate')).toMatchObject({ program: 'verifier' });
  });

  it('searches the members of a workspace root without a package', async () => {
    cargo.hasPackages({ 'crate/a': ['prover'], 'crate/b': ['verifier'] });
    expect(await find('crate', 'verifier')).toMatchObject({ name: 'b', folder: join(cargo.crate, 'b') });
  });

  it.each([
    { reason: 'several programs and none named', bins: ['a', 'b'], code: 'PVM_SEVERAL_PROGRAMS', message: 'has several programs: `a`, `b`', hint: 'Name one with `--bin`, under Nx with the option `program`.' },
    { reason: 'no program at all', bins: [], code: 'PVM_NO_SUCH_PROGRAM', message: 'has no program', hint: 'Add `src/main.rs` or a `[[bin]]`.' },
    { reason: 'a misspelt program', bins: ['my_prover', 'x'], program: 'my-prover', code: 'PVM_NO_SUCH_PROGRAM', message: 'has no program `my-prover`, only `my_prover`, `x`', hint: 'Did you mean `my_prover`?' },
    { reason: 'a program unlike any', bins: ['prover'], program: 'zz', code: 'PVM_NO_SUCH_PROGRAM', message: 'only `prover`', hint: undefined },
    { reason: 'a program of another package', bins: ['prover'], program: 'of_other', code: 'PVM_NO_SUCH_PROGRAM', message: 'no program `of_other`', hint: expect.stringContaining('The package `other` in') as unknown },
  ])('refuses $reason', async ({ bins, program, code, message, hint }) => {
    cargo.hasPackages({ crate: bins, other: ['of_other'] });
    await expect(find('crate', program)).rejects.toMatchObject({ code, message: expect.stringContaining(message) as unknown, hint });
  });

  it('refuses a name that two packages of a workspace use', async () => {
    cargo.hasPackages({ 'crate/a': ['prover'], 'crate/b': ['prover'] });
    await expect(find('crate', 'prover')).rejects.toMatchObject({ code: 'PVM_SEVERAL_PROGRAMS', message: expect.stringContaining('`prover`: `a`, `b`') as unknown });
  });

  it.each([
    { reason: 'a path that does not exist', path: 'nowhere', message: 'There is nothing at' },
    { reason: 'a folder outside any package', path: 'outside', message: 'There is no `Cargo.toml` in' },
  ])('refuses $reason', async ({ path, message }) => {
    mkdirSync(join(cargo.folder, 'outside'));
    await expect(find(path)).rejects.toMatchObject({ code: 'PVM_NO_CARGO_PACKAGE', message: expect.stringContaining(message) as unknown });
  });

  it('tells what cargo says of a malformed Cargo.toml', async () => {
    cargo.answers('cargo', 'metadata', { exitCode: 101, stderr: 'error: unclosed table, expected `]`\n --> Cargo.toml:1:9\n' });
    await expect(find('crate')).rejects.toMatchObject({
      code: 'PVM_BAD_CARGO_MANIFEST',
      message: `cargo could not read \`${join(cargo.crate, 'Cargo.toml')}\`:\nerror: unclosed table, expected \`]\`\n --> Cargo.toml:1:9`,
    });
  });

  it('says how to install cargo where there is none', async () => {
    await expect(findPackage({ path: cargo.crate, env: { PATH: join(cargo.folder, 'empty') } })).rejects.toMatchObject({
      code: 'PVM_MISSING_TOOL',
      message: 'Could not find `cargo`, needed to build Rust programs',
      hint: expect.stringContaining('https://sh.rustup.rs') as unknown,
    });
  });

  it.each([
    {
      reason: 'of a toolchain file',
      stderr: "error: toolchain 'nightly-2024-01-01-x86_64-unknown-linux-gnu' is not installed\nhelp: run `rustup toolchain install` to install it\n",
      hint: 'Install it with `rustup toolchain install nightly-2024-01-01-x86_64-unknown-linux-gnu`.',
    },
    {
      reason: 'where none was ever chosen',
      stderr: "error: rustup could not choose a version of cargo to run, because one wasn't specified explicitly, and no default is configured.\n",
      hint: 'Install it with `rustup default stable`, or put its folder on PATH.',
    },
  ])('says how to install a missing toolchain $reason', async ({ stderr, hint }) => {
    cargo.answers('cargo', 'metadata', { exitCode: 1, stderr });
    await expect(find('crate')).rejects.toMatchObject({ code: 'PVM_MISSING_TOOL', hint });
  });
});
