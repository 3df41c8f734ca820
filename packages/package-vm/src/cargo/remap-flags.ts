import { join, relative, sep } from 'node:path';

/** Folders of this machine whose names must not get into a program. */
export interface MachineFolders {
  /** The Nx workspace, or what else holds the sources. */
  readonly sourceRoot: string;
  /** The cargo workspace. */
  readonly workspaceRoot: string;
  readonly targetDir: string;
  readonly cargoHome: string;
  /** `rustc --print sysroot` */
  readonly sysroot: string;
  /** The commit that rustc was built from, when it tells. */
  readonly commitHash: string | undefined;
}

/**
 * `--remap-path-prefix` flags that give the machine's folders the same names everywhere: sources `/src`, the target folder
 * `/target`, CARGO_HOME `/cargo`, the toolchain `/rustc-sysroot` and its sources `/rustc/<commit>`, as in the standard
 * library that comes compiled. A prefix that the user's flags map already is left to them.
 */
export function remapFlags(folders: MachineFolders, userFlags: readonly string[]): readonly string[] {
  const { sourceRoot, workspaceRoot, targetDir, cargoHome, sysroot, commitHash } = folders;
  const mappings: readonly (readonly [string, string])[] = [
    [sourceRoot, '/src'],
    ...(isInside(workspaceRoot, sourceRoot) ? [] : [[workspaceRoot, '/src'] as const]),
    [targetDir, '/target'],
    [cargoHome, '/cargo'],
    [sysroot, '/rustc-sysroot'],
    ...(commitHash === undefined ? [] : [[join(sysroot, 'lib/rustlib/src/rust'), `/rustc/${commitHash}`] as const]),
  ];
  const mapped = userMappings(userFlags);
  return (
    mappings
      .filter(([from]) => from !== '' && !mapped.has(from))
      // rustc takes the last one that matches: the longest must come last
      .sort(([a], [b]) => a.length - b.length)
      .map(([from, to]) => `--remap-path-prefix=${from}=${to}`)
  );
}

function userMappings(flags: readonly string[]): ReadonlySet<string> {
  const option = '--remap-path-prefix';
  return new Set(
    flags.flatMap((flag, index) => {
      const value = flag === option ? flags[index + 1] : flag.startsWith(`${option}=`) ? flag.slice(option.length + 1) : undefined;
      return value?.includes('=') === true ? [value.slice(0, value.lastIndexOf('='))] : [];
    }),
  );
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}
