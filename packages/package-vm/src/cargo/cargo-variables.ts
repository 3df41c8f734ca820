/** Variables that cargo sets for the compiler, whatever the environment says: to read them is to read the package. */
const SET_FOR_RUSTC = [
  /^CARGO_PKG_(VERSION(_(MAJOR|MINOR|PATCH|PRE))?|AUTHORS|NAME|DESCRIPTION|HOMEPAGE|REPOSITORY|LICENSE(_FILE)?|RUST_VERSION|README)$/,
  /^CARGO_MANIFEST_(DIR|PATH|LINKS)$/,
  /^CARGO_(BIN_NAME|CRATE_NAME|PRIMARY_PACKAGE|RUSTC_CURRENT_DIR)$/,
  /^(CARGO|OUT_DIR)$/,
];

/** Those that it sets for build scripts; `env!` would read them from the environment. */
const SET_FOR_SCRIPTS = [
  ...SET_FOR_RUSTC,
  /^CARGO_(CFG|FEATURE)_/,
  /^(CARGO_MAKEFLAGS|DEBUG|HOST|NUM_JOBS|OPT_LEVEL|PROFILE|RUSTC|RUSTDOC|TARGET)$/,
  /^DEP_.+_.+/,
];

/** Who asks for a variable: `env!` in a source puts it into the program, a build script may only be told how much to say. */
export type Asker = 'rustc' | 'script';

/** Whether cargo itself sets a variable for who asks for it (https://doc.rust-lang.org/cargo/reference/environment-variables.html). */
export function isSetByCargo(name: string, asker: Asker): boolean {
  return (asker === 'rustc' ? SET_FOR_RUSTC : SET_FOR_SCRIPTS).some((pattern) => pattern.test(name));
}

/** What cc-rs and its kind append to a variable's name: a target triple, with underscores or as it is. Secrets are in capitals: `CC_TOKEN`. */
const TRIPLE = '(_[a-z][\\w.-]*)?';

/** Variables that change what cargo, rustc or a C compiler in a build script make, and hold neither secrets nor taste (jobs, colours, logs, places to keep things). */
const RELEVANT = [
  /^RUSTC(_BOOTSTRAP|_WRAPPER|_WORKSPACE_WRAPPER|_LINKER|_FORCE_RUSTC_VERSION)?$/,
  /^(RUSTFLAGS|RUST_TARGET_PATH|CARGO_ENCODED_RUSTFLAGS)$/,
  /^CARGO_BUILD_(RUSTC|RUSTC_WRAPPER|RUSTC_WORKSPACE_WRAPPER|RUSTFLAGS|TARGET)$/,
  /^CARGO_(PROFILE|UNSTABLE|HOST)_/,
  /^CARGO_RESOLVER_FEATURE_UNIFICATION$/,
  /^CARGO_TARGET_.+_(LINKER|RUSTFLAGS|AR)$/,
  new RegExp(`^((TARGET|HOST)_)?(CC|CXX|AR|LD|NM|RANLIB|CXXSTDLIB|CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS|ARFLAGS|RANLIBFLAGS)${TRIPLE}$`),
  /^(CRATE_CC_NO_DEFAULTS|NO_PKG_CONFIG)$/,
  // what compilers and linkers ask for by themselves
  /^(CPATH|C_INCLUDE_PATH|CPLUS_INCLUDE_PATH|LIBRARY_PATH|LD_LIBRARY_PATH|LD_RUN_PATH|COMPILER_PATH|GCC_EXEC_PREFIX|CCC_OVERRIDE_OPTIONS|SDKROOT|SYSROOT|MACOSX_DEPLOYMENT_TARGET|SOURCE_DATE_EPOCH)$/,
  new RegExp(`^((TARGET|HOST)_)?PKG_CONFIG(_(PATH|LIBDIR|SYSROOT_DIR|ALLOW_CROSS|ALLOW_SYSTEM_(CFLAGS|LIBS)|ALL_(STATIC|DYNAMIC)))?${TRIPLE}$`),
  new RegExp(`^(BINDGEN_EXTRA_CLANG_ARGS|LIBCLANG_(STATIC_)?PATH|LLVM_CONFIG_PATH|CLANG_PATH|NVCC|NVCC_(APPEND|PREPEND)_FLAGS|CUDA_(HOME|PATH|ROOT|ARCH)|WASI_SDK_PATH|WASI_SYSROOT)${TRIPLE}$`),
  new RegExp(`^((TARGET|HOST)_)?CMAKE(_(TOOLCHAIN_FILE|GENERATOR|PREFIX_PATH))?${TRIPLE}$`),
  // what `pkg-config`, `system-deps` and the `*-sys` crates ask for, for each library
  /^(?!CARGO_).+_(NO_PKG_CONFIG|USE_PKG_CONFIG|NO_VENDOR|STATIC|DYNAMIC|LIB_DIR|INCLUDE_DIR)$/,
  /^(.+_)?OPENSSL_(DIR|LIBS|CONFIG_DIR)$/,
  // what build scripts of widely used crates ask for: prost, ring, libc, aws-lc, blst, and those that build guest programs
  /^(PROTOC(_INCLUDE)?|RING_PREGENERATE_ASM|RUST_LIBC_UNSTABLE_.+|AWS_LC_SYS_.+|BLST_PORTABLE|RISC0_SKIP_BUILD(_KERNELS)?|SP1_SKIP_PROGRAM_BUILD)$/,
  /^CROSS_(CONFIG|CUSTOM_TOOLCHAIN|COMPATIBILITY_VERSION|BUILD_.+|TARGET_.+)$/,
  /^CARGO_ZIGBUILD_/,
];

/**
 * How much is said, how fast, and where things are kept and found: a build script makes the same. Some would match above. PATH is
 * on no two machines the same, and the compiler that RUSTUP_TOOLCHAIN chooses counts by its version.
 */
const TASTE = /^(PATH|RUSTUP_TOOLCHAIN|CC_ENABLE_DEBUG_OUTPUT|CARGO_ZIGBUILD_CACHE_DIR|CARGO_TERM_.+|CARGO_BUILD_JOBS|CARGO_INCREMENTAL|CARGO_PROFILE_.+_INCREMENTAL|MAKEFLAGS|RUST_(BACKTRACE|LOG)|TERM|(NO|FORCE|CLICOLOR)_?COLOR)$/;

/** Whether a wrapper only keeps what the compiler makes. */
export function isCompilerCache(program: string): boolean {
  return /(^|[\\/])(sccache|ccache|cachepot)(\.exe)?$/.test(program);
}

/** Whether a variable may change what is built: its name alone is looked at. */
export function isRelevantVariable(name: string): boolean {
  return RELEVANT.some((pattern) => pattern.test(name)) && !TASTE.test(name);
}

/** Whether nothing that a build script makes depends on a variable that it asks for. */
export function isTaste(name: string): boolean {
  return TASTE.test(name);
}

/**
 * The variables of an environment that may change what is built, sorted by name; wrappers that only cache are left out.
 * Their values are for a digest and nowhere else.
 */
export function relevantVariables(env: Readonly<Record<string, string | undefined>>): readonly (readonly [name: string, value: string])[] {
  return Object.entries(env)
    .filter((entry): entry is [string, string] => entry[1] !== undefined && isRelevantVariable(entry[0]))
    .filter(([name, value]) => !(name.endsWith('_WRAPPER') && isCompilerCache(value)))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whether a variable is one that a pattern means: `*` stands for any characters. */
export function nameMatches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
