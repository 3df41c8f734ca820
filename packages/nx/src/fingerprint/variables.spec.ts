import { buildVariables } from './variables.js';

describe('buildVariables', () => {
  it('name places of the machine, so that two clones agree', () => {
    const places = { workspace: '/home/u/ws', home: '/home/u' };
    expect(buildVariables({ RUSTFLAGS: '-L /home/u/ws/lib -L /home/u/lib', CC: 'clang', HOME: '/home/u' }, places)).toEqual(['CC=clang', 'RUSTFLAGS=-L <workspace>/lib -L <home>/lib']);
  });

  it.each([
    'RUSTFLAGS', 'CARGO_ENCODED_RUSTFLAGS', 'CARGO_PROFILE_RELEASE_LTO', 'CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER', 'CARGO_BUILD_TARGET',
    'CFLAGS', 'CFLAGS_x86_64_unknown_linux_gnu', 'TARGET_CC', 'HOST_CXXFLAGS', 'PKG_CONFIG_PATH', 'SOURCE_DATE_EPOCH', 'RUSTC_BOOTSTRAP',
  ])('%s matters', (name) => {
    expect(buildVariables({ [name]: 'x' }, {})).toEqual([`${name}=x`]);
  });

  it.each(['CARGO_REGISTRY_TOKEN', 'CARGO_REGISTRIES_X_TOKEN', 'CARGO_BUILD_JOBS', 'CARGO_TERM_COLOR', 'CARGO_HOME', 'CARGO_TARGET_DIR', 'RUST_BACKTRACE', 'RUST_LOG', 'CCACHE_DIR', 'LDAP', 'ARCH'])('%s does not', (name) => {
    expect(buildVariables({ [name]: 'x' }, {})).toEqual([]);
  });
});

describe('variables that the settings name by a pattern', () => {
  it('are in, and no others', () => {
    expect(buildVariables({ APP_MODE: '1', APP_SEED: '2', OTHER: '3' }, {}, ['APP_*'])).toEqual(['APP_MODE=1', 'APP_SEED=2']);
  });
});
