import { type Finding, type Place, type Severity } from '@package-vm/manifest';
import { posix } from 'node:path';

interface Wording {
  readonly severity: Severity;
  message(args: never): string;
  /** The one next step. */
  hint(args: never): string;
}

interface AtPath {
  readonly path: string;
}

interface InFolder extends AtPath {
  /** Where paths start, relative to the Nx workspace. */
  readonly folder: string;
}

interface AbsolutePath extends AtPath {
  /** The path from where paths start, where that leads to something. */
  readonly inside?: InFolder | undefined;
}

interface MissingPath extends InFolder {
  /** A folder in which it does exist, and what `base` must be for it. */
  readonly foundIn?: string | undefined;
  readonly base?: string | undefined;
  /** A path that does exist and was probably meant. */
  readonly near?: string | undefined;
  readonly takesPatterns?: boolean;
}

/** A path of the manifest, and the key that names it. */
interface OfKey extends AtPath {
  readonly key: string;
}

const error = { severity: 'error' } as const;
const warning = { severity: 'warning' } as const;
const note = { severity: 'note' } as const;

/** The words of every finding about what goes into an image, by code: what the manifest names and this machine has. */
export const planWordings = {
  'absolute-path': {
    ...error,
    message: ({ path }: AbsolutePath) => `\`${path}\` is an absolute path of this machine`,
    hint: ({ inside }: AbsolutePath) =>
      inside === undefined ? 'Name files relative to the manifest; shared libraries of the program are found without being named.' : `Write \`${inside.path}\`, which is in \`${inside.folder}\`.`,
  },
  'boot-files-too-large': {
    ...error,
    message: ({ sizeBytes, limitBytes }: { sizeBytes: number; limitBytes: number }) =>
      `Kernel and klibs take ${sizeBytes} bytes, but the boot file system has room for about ${limitBytes}`,
    hint: () => 'Remove klibs that the program does not need from `Klibs`.',
  },
  'broken-link': {
    ...error,
    message: ({ path, target }: AtPath & { target: string }) => `The link \`${path}\` leads to \`${target}\`, which is not in the image`,
    hint: () => 'Package what it leads to as well, or put the file itself in its place.',
  },
  'empty-map': {
    ...error,
    message: ({ path }: AtPath) => `\`${path}\` matches no file`,
    hint: ({ path }: AtPath) =>
      path.includes('*') ? 'The last part is a pattern for names of files at any depth: correct it, or remove the map.' : `The last part is a pattern: write \`${path}/*\` for what is in that folder.`,
  },
  'git-lfs-pointer': {
    ...error,
    message: ({ path }: AtPath) => `\`${path}\` is what Git LFS keeps in place of a file that it has not fetched`,
    hint: () => 'Run `git lfs pull`.',
  },
  'hidden-by-mount': {
    ...warning,
    message: ({ path, mountPoint }: AtPath & { mountPoint: string }) => `\`${path}\` is in the image, but not to be seen once \`${mountPoint}\` is mounted`,
    hint: () => 'Pack it under another path.',
  },
  'kernel-path': {
    ...error,
    message: ({ path, kernelPath }: AtPath & { kernelPath: string }) => `\`${path}\` stands where the kernel puts \`${kernelPath}\`, and would stop it at boot`,
    hint: () => 'Leave it out of the image.',
  },
  'library-not-in-image': {
    ...error,
    message: ({ library, path, searched }: AtPath & { library: string; searched: readonly string[] }) =>
      `\`${path}\` needs \`${library}\`, which the guest would look for in ${searched.map((folder) => `\`${folder}\``).join(', ')} and not find`,
    hint: ({ library }: AtPath & { library: string; searched: readonly string[] }) =>
      `Add \`extraLibraries = ["${library}"]\` to \`[package.metadata.package-vm]\`, or give the program a RUNPATH that leads to it.`,
  },
  'link-outside': {
    ...error,
    message: ({ path }: AtPath) => `\`${path}\` is a link that leads out of the Nx workspace`,
    hint: () => 'Put the file itself in its place: what is outside is not the same on another machine.',
  },
  'missing-klib': {
    ...error,
    message: ({ klib, where }: { klib: string; where: string; klibs: readonly string[] }) => `The klib \`${klib}\` is not in ${where}`,
    hint: ({ klibs }: { klib: string; where: string; klibs: readonly string[] }) =>
      klibs.length === 0 ? 'There are no klibs: choose another Nanos release, or remove the klib from `Klibs`.' : `It has ${klibs.map((name) => `\`${name}\``).join(', ')}.`,
  },
  'missing-path': {
    ...error,
    message: ({ path, folder, foundIn }: MissingPath) => `\`${path}\` does not exist in \`${folder}\`${foundIn === undefined ? '' : `, but ${foundIn === '.' ? 'at the root of the Nx workspace' : `in \`${foundIn}\``}`}`,
    hint: ({ path, base, near, takesPatterns = false }: MissingPath) => {
      if (base !== undefined) return `Set \`base = "${base}"\` in \`[package.metadata.package-vm]\`, so that paths start there.`;
      if (near !== undefined) return `Did you mean \`${near}\`?`;
      if (/^~|\$/.test(path)) return 'Nothing replaces `~` and variables: write a path that starts at the manifest.';
      if (takesPatterns && /[*?]/.test(posix.dirname(path))) return 'Only the last part of a path is a pattern, for names at any depth: write the folder before it.';
      if (!takesPatterns && /[*?]/.test(path)) return `Only \`MapDirs\` takes patterns${mapOf(path)}.`;
      return 'Correct the path: paths start at the manifest, or at `base` in `[package.metadata.package-vm]`.';
    },
  },
  'mount-not-a-folder': {
    ...error,
    message: ({ path }: AtPath) => `Something is to be mounted at \`${path}\`, but the image has a file there`,
    hint: () => 'Choose another mount point, or leave the file out.',
  },
  'not-a-file': {
    ...error,
    message: ({ path }: OfKey) => `\`${path}\` is a folder, but a file is expected`,
    hint: ({ key }: OfKey) => (key === 'Files' ? 'Name folders in `Dirs`.' : `Correct the path: \`${key}\` names a file.`),
  },
  'not-a-folder': {
    ...error,
    message: ({ path }: OfKey) => `\`${path}\` is a file, but a folder is expected`,
    hint: ({ key }: OfKey) => (key === 'Dirs' ? 'Name files in `Files`.' : `Correct the path: \`${key}\` names a folder.`),
  },
  'outside-base': {
    ...error,
    message: ({ path, folder }: InFolder) => `\`${path}\` leads out of \`${folder}\`, where paths start`,
    hint: () => 'Map it with `MapDirs`, or set `base` in `[package.metadata.package-vm]`, so that paths start further up.',
  },
  'outside-workspace': {
    ...error,
    message: ({ path }: AtPath) => `\`${path}\` leads out of the Nx workspace`,
    hint: () => 'Move the files into the Nx workspace: what is outside is not the same on another machine.',
  },
  'path-taken': {
    ...error,
    message: ({ path, origin, other }: AtPath & { origin: string; other: string }) => `\`${origin}\` and \`${other}\` would both be \`${path}\` in the image`,
    hint: () => 'Leave one of them out.',
  },
  'replaces-system-file': {
    ...note,
    message: ({ path, origin }: AtPath & { origin: string }) => `\`${origin}\` takes the place of \`${path}\`, which packaging adds to every image`,
    hint: () => 'Nothing to do if that is meant.',
  },
  'secret-file': {
    ...error,
    message: ({ path, isNamed }: AtPath & { isNamed: boolean }) =>
      `\`${path}\` ${isNamed ? 'holds a secret by its name' : 'begins as a private key does'}: everybody who has the image can read it`,
    hint: () => 'Leave it out of the image, or allow this finding with a reason.',
  },
  'special-file': {
    ...error,
    message: ({ path }: AtPath) => `\`${path}\` is neither a file nor a folder nor a link`,
    hint: () => 'Leave it out of the image.',
  },
  'tool-folder': {
    ...warning,
    message: ({ path }: AtPath) => `\`${path}\` is a folder of a tool, and would be packed with all it holds`,
    hint: () => 'Name what the program needs instead.',
  },
  'undecodable-name': {
    ...error,
    message: ({ path }: AtPath) => `The name of \`${path}\` is not UTF-8`,
    hint: () => 'Rename it.',
  },
  'unreadable-path': {
    ...error,
    message: ({ path }: AtPath) => `\`${path}\` may not be read`,
    hint: () => 'Give yourself the permission to read it, or leave it out.',
  },
  'volume-too-large': {
    ...error,
    message: ({ size, limitBytes }: { size: string; limitBytes: number }) => `\`BaseVolumeSz\` is \`${size}\`, but an image has at most ${limitBytes} bytes`,
    hint: () => 'Give a smaller size.',
  },
  'working-folder-missing': {
    ...error,
    message: ({ path }: AtPath) => `The working folder \`${path}\` is not in the image, so the kernel would not start the program`,
    hint: () => 'Package a folder of that name, or remove `cwd`.',
  },
} satisfies Record<string, Wording>;

/** How to write a pattern as a map, which keeps the names in the image. */
function mapOf(pattern: string): string {
  const folder = posix.dirname(pattern);
  return /[*?]/.test(folder) ? ', in the last part of a path' : `: write \`"MapDirs": { "${pattern}": "${posix.join('/', folder)}" }\``;
}

export type PlanFindingCode = keyof typeof planWordings;
type Args<Code extends PlanFindingCode> = Parameters<(typeof planWordings)[Code]['message']>[0];

/** Whether a code is of a finding that wants the program and its libraries, which only a build has. */
export function isFoundOnlyByBuild(code: string): boolean {
  return code === 'library-not-in-image';
}

/** A finding in the words of its code. */
export function planFinding<Code extends PlanFindingCode>(code: Code, place: Place, args: Args<Code>): Finding {
  const wording: Wording = planWordings[code];
  // `Args` ties the arguments to the code; the table as a whole cannot say so
  const words = args as never;
  return { code, severity: wording.severity, message: wording.message(words), hint: wording.hint(words), place };
}
