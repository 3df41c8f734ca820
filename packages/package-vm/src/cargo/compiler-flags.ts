import { type CargoConfig, tableIn } from './cargo-config.js';
import { flagWords } from './flag-files.js';
import { type Environment } from './run-cargo.js';

/** Flags, and what they come from: `RUSTFLAGS`, `build.rustflags`, `CFLAGS`. */
export interface NamedFlags {
  readonly flags: readonly string[];
  readonly origin: string;
}

const OF_COMPILERS = /(^|_)(CC|CXX|CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS|NVCC_(APPEND|PREPEND)_FLAGS|BINDGEN_EXTRA_CLANG_ARGS)(_[a-z][\w.-]*)?$/;

/** What build scripts are told to give to C compilers, by variables and by `[env]` of cargo's configuration; also behind the name of a compiler. */
export function compilerFlags(env: Environment, { files, commandLine }: CargoConfig): readonly NamedFlags[] {
  const configured = [files, commandLine].flatMap((config) => Object.entries(tableIn(config, 'env'))).map(([name, value]) => ({ name, value: textOf(value), origin: `env.${name}` }));
  const ofEnvironment = Object.entries(env).map(([name, value = '']) => ({ name, value, origin: name }));
  return [...ofEnvironment, ...configured].filter(({ name }) => OF_COMPILERS.test(name)).map(({ name, value, origin }) => {
    const words = flagWords(value);
    return { flags: /(^|_)(CC|CXX)(_[a-z]|$)/.test(name) ? words.filter((word) => /^[-@]/.test(word)) : words, origin };
  });
}

/** `"value"` or `{ value = "…", force = true }`. */
function textOf(value: unknown): string {
  const text = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
  return typeof text === 'string' ? text : '';
}
