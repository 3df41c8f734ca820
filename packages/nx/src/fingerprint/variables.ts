/** Variables that change what cargo, rustc or a C compiler in a build script make, and hold neither secrets nor taste (jobs, colours, logs). */
const MATTERS = [
  /^RUSTC(_BOOTSTRAP|_WRAPPER|_WORKSPACE_WRAPPER|_LINKER)?$/,
  /^RUSTFLAGS$/,
  /^RUSTUP_TOOLCHAIN$/,
  /^CARGO_ENCODED_RUSTFLAGS$/,
  /^CARGO_INCREMENTAL$/,
  /^CARGO_BUILD_(RUSTC|RUSTC_WRAPPER|RUSTC_WORKSPACE_WRAPPER|RUSTFLAGS|TARGET|INCREMENTAL)$/,
  /^CARGO_(PROFILE|UNSTABLE|HOST)_/,
  /^CARGO_TARGET_.+_(LINKER|RUSTFLAGS|AR)$/,
  /^((TARGET|HOST)_)?(CC|CXX|AR|LD|NM|RANLIB|CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS|ARFLAGS|CXXSTDLIB)(_.+)?$/,
  /^CRATE_CC_NO_DEFAULTS$/,
  /^(CPATH|C_INCLUDE_PATH|CPLUS_INCLUDE_PATH|LIBRARY_PATH|LD_LIBRARY_PATH|SDKROOT|SOURCE_DATE_EPOCH)$/,
  /^PKG_CONFIG(_.+)?$/,
  /^(BINDGEN_EXTRA_CLANG_ARGS|LIBCLANG_PATH|CMAKE|CMAKE_TOOLCHAIN_FILE|NVCC|CUDA_HOME|CUDA_PATH)(_.+)?$/,
  /^OPENSSL_(STATIC|DIR|LIB_DIR|INCLUDE_DIR|NO_VENDOR)$/,
];

/** Wrappers that only keep what the compiler makes. */
const CACHES = /^(sccache|ccache|cachepot)(\.exe)?$/;

/**
 * The variables that matter to a build, sorted, with the places of this machine replaced by names, so that two clones of two
 * users agree. The values go into a digest and nowhere else.
 */
export function buildVariables(env: Readonly<Record<string, string | undefined>>, places: Readonly<Record<string, string>>): readonly string[] {
  const byLength = Object.entries(places).sort(([, a], [, b]) => b.length - a.length);
  return Object.entries(env)
    .filter((entry): entry is [string, string] => entry[1] !== undefined && MATTERS.some((pattern) => pattern.test(entry[0])))
    .filter(([name, value]) => !(name.endsWith('_WRAPPER') && CACHES.test(value.split(/[\\/]/).at(-1) ?? '')))
    .map(([name, value]) => `${name}=${byLength.reduce((text, [place, path]) => text.replaceAll(path, `<${place}>`), value)}`)
    .sort();
}
