/** A folder of this machine and the name that programs know it by. */
export interface FolderName {
  readonly folder: string;
  readonly name: string;
}

/**
 * `--remap-path-prefix` flags for folders whose names must not get into a program. A prefix that the user's flags map
 * already is left to them.
 */
export function remapFlags(folders: readonly FolderName[], userFlags: readonly string[]): readonly string[] {
  const mapped = userMappings(userFlags);
  const flags = folders
    .filter(({ folder }) => !mapped.has(folder))
    // rustc takes the last one that matches: the longest must come last
    .sort((a, b) => a.folder.length - b.folder.length)
    .map(({ folder, name }) => `--remap-path-prefix=${folder}=${name}`);
  return [...new Set(flags)];
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
