import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findPackage } from './find-package.js';
import { machineFolders } from './machine-folders.js';
import { StandInCargo } from './testing/stand-in-cargo.js';

let cargo: StandInCargo;
beforeEach(() => {
  cargo = new StandInCargo();
  cargo.hasPackages({ crate: ['prover'] });
});
afterEach(() => {
  cargo.remove();
});

const named = async (sourceRoot: string, rustc = { sysroot: '/toolchain', commitHash: 'c0ffee' as string | undefined }) => {
  const found = await findPackage({ path: cargo.crate, env: cargo.env });
  return machineFolders({ package: found, sourceRoot: join(cargo.folder, sourceRoot), cargoHome: cargo.cargoHome, rustc }).map(({ folder, name }) => `${folder.replace(cargo.folder, '')} ${name}`);
};

describe('machineFolders', () => {
  it('names the sources, the target folder, CARGO_HOME and the toolchain', async () => {
    expect(await named('')).toEqual([' /src', '/target /target', '/cargo-home /cargo', '/toolchain /rustc-sysroot', '/toolchain/lib/rustlib/src/rust /rustc/c0ffee']);
  });

  it('names a cargo workspace outside the Nx workspace, too', async () => {
    expect(await named('ws')).toEqual(expect.arrayContaining(['/ws /src', '/crate /src']));
  });

  it('names crates elsewhere that are reached by a path, at any depth', async () => {
    cargo.write('crate/Cargo.toml', '[package]\nname = "crate"\n[dependencies]\nnear = { path = "near" }\nfar = { path = "../far" }\n');
    cargo.write('crate/near/Cargo.toml', '[package]\nname = "near"\n');
    cargo.write('far/Cargo.toml', '[package]\nname = "far"\n[build-dependencies]\nfarther = { path = "../more/farther" }\n');
    cargo.write('more/farther/Cargo.toml', '[package]\nname = "farther"\n');
    const names = await named('crate');
    expect(names).toEqual(expect.arrayContaining(['/far /crates/far', '/more/farther /crates/farther']));
    expect(names.join('\n')).not.toContain('near');
  });

  it('names what a link leads to as the link', async () => {
    mkdirSync(join(cargo.folder, 'real-home'));
    symlinkSync('real-home', cargo.cargoHome);
    expect(await named('')).toEqual(expect.arrayContaining(['/cargo-home /cargo', '/real-home /cargo']));
  });

  it('leaves out what the compiler does not tell', async () => {
    expect((await named('', { sysroot: '', commitHash: undefined })).join('\n')).not.toContain('rustc');
    expect((await named('', { sysroot: '/toolchain', commitHash: undefined })).join('\n')).not.toContain('/rustc/');
  });
});
