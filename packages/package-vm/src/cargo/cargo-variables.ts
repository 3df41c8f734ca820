/**
 * Variables that cargo itself sets for the compiler and for build scripts, whatever the environment says
 * (https://doc.rust-lang.org/cargo/reference/environment-variables.html): to read them is to read the package.
 */
const SET_BY_CARGO = [
  /^CARGO_(PKG|BIN_EXE|CFG|FEATURE|MANIFEST)_/,
  /^CARGO_(BIN_NAME|CRATE_NAME|MAKEFLAGS|PRIMARY_PACKAGE|TARGET_TMPDIR|RUSTC_CURRENT_DIR)$/,
  /^(CARGO|DEBUG|HOST|NUM_JOBS|OPT_LEVEL|OUT_DIR|PROFILE|RUSTDOC|TARGET)$/,
  /^DEP_.+_.+/,
];

export function isSetByCargo(name: string): boolean {
  return SET_BY_CARGO.some((pattern) => pattern.test(name));
}

const FLAGS = '(CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS|ARFLAGS|RANLIBFLAGS)';

/** Variables that change what cargo, rustc or a C compiler in a build script make, and hold neither secrets nor taste (jobs, colours, logs, places to keep things). */
const RELEVANT = [
  /^RUSTC(_BOOTSTRAP|_WRAPPER|_WORKSPACE_WRAPPER|_LINKER|_FORCE_RUSTC_VERSION)?$/,
  /^RUSTFLAGS$/,
  /^RUSTUP_TOOLCHAIN$/,
  /^CARGO_ENCODED_RUSTFLAGS$/,
  /^CARGO_INCREMENTAL$/,
  /^CARGO_BUILD_(RUSTC|RUSTC_WRAPPER|RUSTC_WORKSPACE_WRAPPER|RUSTFLAGS|TARGET|INCREMENTAL)$/,
  /^CARGO_(PROFILE|UNSTABLE|HOST)_/,
  /^CARGO_TARGET_.+_(LINKER|RUSTFLAGS|AR)$/,
  new RegExp(`^((TARGET|HOST)_)?(CC|CXX|AR|LD|NM|RANLIB|CXXSTDLIB|${FLAGS})(_.+)?$`),
  /^(CRATE_CC_NO_DEFAULTS|NO_PKG_CONFIG)$/,
  /^(CPATH|C_INCLUDE_PATH|CPLUS_INCLUDE_PATH|LIBRARY_PATH|LD_LIBRARY_PATH|SDKROOT|SYSROOT|MACOSX_DEPLOYMENT_TARGET|SOURCE_DATE_EPOCH)$/,
  /^((TARGET|HOST)_)?PKG_CONFIG(_.+)?$/,
  /^(BINDGEN_EXTRA_CLANG_ARGS|LIBCLANG_(STATIC_)?PATH|LLVM_CONFIG_PATH|CLANG_PATH|CMAKE|((TARGET|HOST)_)?CMAKE_(TOOLCHAIN_FILE|GENERATOR|PREFIX_PATH)|NVCC|CUDA_(HOME|PATH|ROOT|ARCH)|NVCC_.+_FLAGS|WASI_SDK_PATH|WASI_SYSROOT)(_.+)?$/,
  // what `pkg-config`, `system-deps` and the `*-sys` crates ask for, for each library
  /^(?!CARGO_).+_(NO_PKG_CONFIG|USE_PKG_CONFIG|NO_VENDOR|STATIC|DYNAMIC|LIB_DIR|INCLUDE_DIR)$/,
  /^(.+_)?OPENSSL_(DIR|LIBS|CONFIG_DIR)$/,
  // what build scripts of widely used crates ask for: prost, ring, libc, aws-lc, blst, and those that build guest programs
  /^(PROTOC(_INCLUDE)?|RING_PREGENERATE_ASM|RUST_LIBC_UNSTABLE_.+|AWS_LC_SYS_.+|BLST_PORTABLE|RISC0_SKIP_BUILD(_KERNELS)?|SP1_SKIP_PROGRAM_BUILD)$/,
  /^CROSS_/,
  /^CARGO_ZIGBUILD_/,
];

/** How much is said, how fast, and where things are kept: the same comes out. Some would match above. */
const TASTE = /^(CC_ENABLE_DEBUG_OUTPUT|CROSS_(DEBUG|CONTAINER_USER_NAMESPACE|REMOTE.*)|CARGO_ZIGBUILD_CACHE_DIR|CARGO_TERM_.+|CARGO_BUILD_JOBS|MAKEFLAGS|RUST_(BACKTRACE|LOG)|TERM|(NO|FORCE|CLICOLOR)_?COLOR)$/;

/** Wrappers that only keep what the compiler makes. */
const CACHES = /^(sccache|ccache|cachepot)(\.exe)?$/;

/** Whether a variable may change what is built: its name alone is looked at. */
export function isRelevantVariable(name: string): boolean {
  return RELEVANT.some((pattern) => pattern.test(name)) && !TASTE.test(name);
}

/** Whether a build may ask for a variable without that being declared: each key holds it, or nothing depends on it. */
export function needsNoDeclaration(name: string): boolean {
  return isRelevantVariable(name) || TASTE.test(name);
}

/**
 * The variables of an environment that may change what is built, sorted by name; wrappers that only cache are left out.
 * Their values are for a digest and nowhere else.
 */
export function relevantVariables(env: Readonly<Record<string, string | undefined>>): readonly (readonly [name: string, value: string])[] {
  return Object.entries(env)
    .filter((entry): entry is [string, string] => entry[1] !== undefined && isRelevantVariable(entry[0]))
    .filter(([name, value]) => !(name.endsWith('_WRAPPER') && CACHES.test(value.split(/[\\/]/).at(-1) ?? '')))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
