import { isSetByCargo, isTaste, relevantVariables } from './cargo-variables.js';

describe('relevantVariables', () => {
  it.each([
    'RUSTFLAGS', 'CARGO_ENCODED_RUSTFLAGS', 'CARGO_PROFILE_RELEASE_LTO', 'CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER', 'CARGO_BUILD_TARGET', 'CARGO_BUILD_RUSTFLAGS', 'CARGO_RESOLVER_FEATURE_UNIFICATION',
    'RUST_TARGET_PATH', 'RUSTC', 'RUSTC_BOOTSTRAP', 'CC', 'CFLAGS', 'CFLAGS_x86_64_unknown_linux_gnu', 'CC_x86_64-unknown-linux-gnu', 'TARGET_CC', 'HOST_CXXFLAGS', 'PKG_CONFIG_PATH', 'PKG_CONFIG_PATH_x86_64-unknown-linux-musl',
    'SOURCE_DATE_EPOCH', 'ZSTD_SYS_USE_PKG_CONFIG', 'OPENSSL_LIB_DIR', 'X86_64_UNKNOWN_LINUX_GNU_OPENSSL_DIR_INCLUDE_DIR', 'LIBCLANG_PATH', 'CROSS_CONFIG', 'PROTOC', 'COMPILER_PATH', 'LD_RUN_PATH', 'CMAKE_x86_64_unknown_linux_gnu', 'X86_64_UNKNOWN_LINUX_GNU_OPENSSL_DIR',
  ])('%s matters', (name) => {
    expect(relevantVariables({ [name]: 'x' })).toEqual([[name, 'x']]);
  });

  it.each([
    'CARGO_REGISTRY_TOKEN', 'CARGO_REGISTRIES_X_TOKEN', 'CARGO_BUILD_JOBS', 'CARGO_TERM_COLOR', 'CARGO_HOME', 'CARGO_TARGET_DIR', 'CARGO_NET_OFFLINE', 'CARGO_HTTP_TIMEOUT', 'RUST_BACKTRACE',
    'RUST_LOG', 'CCACHE_DIR', 'SCCACHE_BUCKET', 'AWS_SECRET_ACCESS_KEY', 'LDAP', 'ARCH', 'MAKEFLAGS', 'NUM_JOBS', 'PATH', 'HOME', 'NO_COLOR', 'TERM', 'CC_ENABLE_DEBUG_OUTPUT', 'CROSS_DEBUG', 'CC_TOKEN', 'CC_TEST_REPORTER_ID', 'NVCC_TOKEN', 'PKG_CONFIG_SECRET', 'RUSTUP_TOOLCHAIN', 'CARGO_INCREMENTAL', 'CARGO_PROFILE_RELEASE_INCREMENTAL',
  ])('%s does not', (name) => {
    expect(relevantVariables({ [name]: 'x' })).toEqual([]);
  });

  it('leaves out a wrapper that only keeps what the compiler makes, and no other', () => {
    expect(relevantVariables({ RUSTC_WRAPPER: '/usr/bin/sccache', RUSTC_WORKSPACE_WRAPPER: '/opt/clippy-driver' })).toEqual([['RUSTC_WORKSPACE_WRAPPER', '/opt/clippy-driver']]);
  });

  it('sorts by name', () => {
    expect(relevantVariables({ RUSTFLAGS: 'b', CC: 'a', AR: undefined }).map(([name]) => name)).toEqual(['CC', 'RUSTFLAGS']);
  });
});

describe('isTaste', () => {
  it.each([
    { reason: 'how much is said', name: 'CC_ENABLE_DEBUG_OUTPUT', is: true },
    { reason: 'in each key', name: 'CFLAGS', is: false },
    { reason: 'the crate’s own', name: 'GIT_COMMIT', is: false },
    { reason: 'a secret', name: 'DATABASE_URL', is: false },
  ])('$name is $reason: $is', ({ name, is }) => {
    expect(isTaste(name)).toBe(is);
  });
});

describe('isSetByCargo', () => {
  it.each(['CARGO_PKG_VERSION', 'CARGO_PKG_VERSION_MAJOR', 'CARGO_PKG_LICENSE_FILE', 'CARGO_MANIFEST_DIR', 'OUT_DIR', 'CARGO_CRATE_NAME'])('%s is, for everybody', (name) => {
    expect([isSetByCargo(name, 'rustc'), isSetByCargo(name, 'script')]).toEqual([true, true]);
  });

  it.each(['TARGET', 'HOST', 'DEBUG', 'PROFILE', 'OPT_LEVEL', 'NUM_JOBS', 'CARGO_CFG_TARGET_OS', 'CARGO_FEATURE_STD', 'DEP_Z_INCLUDE'])('%s is for build scripts; `env!` reads it from the environment', (name) => {
    expect([isSetByCargo(name, 'rustc'), isSetByCargo(name, 'script')]).toEqual([false, true]);
  });

  it.each(['GIT_COMMIT', 'CARGO_HOME', 'CC', 'DEP', 'CARGO_BIN_EXE_prover', 'CARGO_PKG_GIT_COMMIT'])('%s is not', (name) => {
    expect([isSetByCargo(name, 'rustc'), isSetByCargo(name, 'script')]).toEqual([false, false]);
  });
});
