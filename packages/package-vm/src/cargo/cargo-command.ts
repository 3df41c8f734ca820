import { basename, isAbsolute, resolve } from 'node:path';

/** How `cargo build` is called. */
export interface CargoCommand {
  readonly program: string;
  /** What comes before cargo's own arguments, the subcommand among it. */
  readonly args: readonly string[];
  /** The values of `--config` in it, in their order: cargo's configuration with the last word. */
  readonly configs: readonly string[];
  /** The program's file when the settings give it as a path: the build depends on it. */
  readonly file: string | undefined;
  /** E.g. `nightly`, of `cargo +nightly`. */
  readonly toolchain: string | undefined;
  /** What cargo is asked to do where that is not plainly to build: another tool, or an alias of its configuration. */
  readonly subcommand: string | undefined;
}

const WITH_VALUE = ['--config', '-Z', '-C', '--color'];

/**
 * The command that takes the place of `cargo build`. One that ends in `cargo` or `cross`, or is a single word (a wrapper
 * script), takes the place of `cargo` and gets `build`; another, such as `cargo zigbuild`, is that of `cargo build`. Options
 * and `+toolchain` do not count. A relative path starts at the package's folder.
 */
export function cargoCommand(words: readonly string[] | undefined, folder: string): CargoCommand {
  const [first = 'cargo', ...args] = words ?? [];
  const isPath = first.includes('/');
  const program = isPath && !isAbsolute(first) ? resolve(folder, first) : first;
  const plain = plainWords(args);
  const last = plain.at(-1);
  const standsForCargo = last === undefined || /^(cargo|cross)$/.test(basename(last));
  return {
    program,
    args: [...args, ...(standsForCargo ? ['build'] : [])],
    configs: configsIn(args),
    file: isPath ? program : undefined,
    toolchain: args[0]?.startsWith('+') === true ? args[0].slice(1) : undefined,
    subcommand: plain[0],
  };
}

function plainWords(args: readonly string[]): readonly string[] {
  return args.filter((word, index) => !/^[-+]/.test(word) && !WITH_VALUE.includes(args[index - 1] ?? ''));
}

function configsIn(args: readonly string[]): readonly string[] {
  return args.flatMap((word, index) => {
    if (word.startsWith('--config=')) return [word.slice('--config='.length)];
    const value = word === '--config' ? args[index + 1] : undefined;
    return value === undefined ? [] : [value];
  });
}
