import { type Finding, type Fix, type Keys, type Place, type Severity } from './finding.js';
import { formatKeys, kindOf, shorten } from './keys.js';
import { type Suggestion } from './suggestion.js';

/** How one kind of finding is worded. */
interface Wording {
  readonly severity: Severity;
  /** Whether the settings may accept it, with a reason. What makes an input unreadable cannot be accepted. */
  readonly isAllowable: boolean;
  message(args: never): string;
  hint?(args: never): string | undefined;
}

interface AtKey {
  readonly keys: Keys;
}

const refused = { severity: 'error', isAllowable: false } as const;
const error = { severity: 'error', isAllowable: true } as const;
const warning = { severity: 'warning', isAllowable: true } as const;
const note = { severity: 'note', isAllowable: true } as const;

/** The words of every finding of this package, by code. A code is an interface: it is never reused or renamed. */
export const wordings = {
  // the text
  syntax: {
    ...refused,
    message: ({ problem }: { problem: string; advice?: string | undefined }) => problem,
    hint: ({ advice }: { problem: string; advice?: string | undefined }) => advice,
  },
  'too-large': {
    ...refused,
    message: ({ sizeBytes, limitBytes }: { sizeBytes: number; limitBytes: number }) =>
      `The manifest has ${sizeBytes} bytes, more than the ${limitBytes} that are read`,
    hint: () => 'Put large lists of files into a folder and name it in `Dirs`.',
  },
  'too-deep': {
    ...refused,
    message: ({ limit }: { limit: number }) => `Lists and objects are nested more than ${limit} deep`,
  },
  'byte-order-mark': {
    ...warning,
    message: () => 'The file begins with a byte order mark, which ops refuses',
    hint: () => 'Save it as UTF-8 without one.',
  },
  'duplicate-key': {
    ...refused,
    message: ({ keys, firstLine }: AtKey & { firstLine: number; isSame: boolean }) =>
      `\`${formatKeys(keys)}\` is given twice, first in line ${firstLine}`,
    hint: ({ isSame }: AtKey & { firstLine: number; isSame: boolean }) =>
      isSame ? 'Remove one of them: they say the same.' : 'Keep one of them: ops takes the last one without a word.',
  },
  'bad-text': {
    ...refused,
    message: ({ keys, problem }: AtKey & { problem: string }) => `\`${formatKeys(keys)}\` contains ${problem}`,
    hint: () => 'Take it out: it cannot be written into an image.',
  },

  // keys, types and values
  'unknown-key': {
    ...refused,
    message: ({ keys }: AtKey & { suggestion: Suggestion | undefined }) => {
      const parent = keys.slice(0, -1);
      const key = `\`${shorten(String(keys.at(-1)))}\` is not a`;
      return parent.length === 0 ? `${key} known key` : `${key} key of \`${formatKeys(parent)}\``;
    },
    hint: ({ suggestion }: AtKey & { suggestion: Suggestion | undefined }) => suggestionHint(suggestion),
  },
  'wrong-type': {
    ...refused,
    message: ({ keys, expected, value }: AtKey & { expected: string; value: unknown; advice?: string | undefined }) =>
      keys.length === 0 ? `Expected ${expected}, found ${kindOf(value)}` : `\`${formatKeys(keys)}\` must be ${expected}, found ${kindOf(value)}`,
    hint: ({ advice, value }: AtKey & { expected: string; value: unknown; advice?: string | undefined }) =>
      advice ?? (value === null ? 'Remove the key.' : undefined),
  },
  'quote-it': {
    ...refused,
    message: ({ keys, value }: AtKey & { value: unknown }) => `\`${formatKeys(keys)}\` must be a string, found ${kindOf(value)}`,
    hint: ({ value }: AtKey & { value: unknown }) =>
      value === false ? 'Put it in quotes, or remove the key if it is meant to be off.' : 'Put it in quotes.',
  },
  'bad-value': {
    ...refused,
    message: ({ keys, rule, value }: AtKey & { rule: string; value: unknown }) =>
      `\`${formatKeys(keys)}\` ${rule}${typeof value === 'string' || typeof value === 'number' ? `, found \`${shorten(String(value))}\`` : ''}`,
  },

  // ManifestPassthrough
  'reserved-key': {
    ...refused,
    message: ({ keys }: AtKey) => `\`${formatKeys(keys)}\` would replace what packaging writes into the image`,
    hint: () => 'Use the keys at the top level: `Program`, `Args`, `Env`, `Mounts`, `Klibs`.',
  },
  'misspelt-passthrough-key': {
    ...error,
    message: ({ keys }: AtKey & { suggestion: Suggestion }) => `The kernel does not know \`${formatKeys(keys)}\` and would ignore it`,
    hint: ({ suggestion }: AtKey & { suggestion: Suggestion }) => suggestionHint(suggestion),
  },
  'unknown-passthrough-key': {
    ...warning,
    message: ({ keys }: AtKey) => `The kernel does not read \`${formatKeys(keys)}\`; it is written into the image as it is`,
    hint: () => 'Remove it, or allow this finding with a reason.',
  },
  'unknown-debug-flag': {
    ...warning,
    message: ({ flag }: { flag: string; suggestion: Suggestion | undefined }) =>
      `\`${shorten(flag)}\` in \`Debugflags\` is no flag that the kernel reads`,
    hint: ({ suggestion }: { flag: string; suggestion: Suggestion | undefined }) => suggestionHint(suggestion) ?? 'Remove it.',
  },
  'presence-flag': {
    ...error,
    message: ({ keys, value }: AtKey & { value: string }) => `\`${formatKeys(keys)}\` is on, although its value is \`"${value}"\``,
    hint: () => 'Its presence enables it: remove the key.',
  },
  'klib-missing': {
    ...warning,
    message: ({ keys, klib }: AtKey & { klib: string }) =>
      `\`${formatKeys(keys)}\` is read by the klib \`${klib}\`, which is not in \`Klibs\``,
    hint: ({ klib }: AtKey & { klib: string }) => `Add \`"${klib}"\` to \`Klibs\`, or remove the key.`,
  },

  // values with a trap
  'empty-value': {
    ...warning,
    message: ({ keys }: AtKey) => `\`${formatKeys(keys)}\` is empty; Nanos 0.1.54 drops it, later versions keep it`,
    hint: () => 'Remove it, or give it a value.',
  },
  'bad-env-name': {
    ...error,
    message: ({ name }: { name: string }) => `\`${shorten(name)}\` cannot be the name of an environment variable`,
    hint: () => 'A name is not empty and has no `=`.',
  },
  'bad-variable': {
    ...warning,
    message: ({ name, expected }: { name: string; expected: string }) => `\`Env.${name}\` must be ${expected} to have an effect`,
  },
  'pointless-variable': {
    ...warning,
    message: ({ keys }: AtKey & { advice: string }) => `\`${formatKeys(keys)}\` does not do inside a guest what it is for`,
    hint: ({ advice }: AtKey & { advice: string }) => advice,
  },
  'secret-in-env': {
    ...warning,
    message: ({ keys }: AtKey) => `\`${formatKeys(keys)}\` looks like a secret: everybody who has the image can read it`,
    hint: () => 'Give it to the program with the task, or allow this finding with a reason.',
  },
  'secret-in-args': {
    ...warning,
    message: ({ keys }: AtKey) => `\`${formatKeys(keys)}\` looks like a secret: everybody who has the image can read it`,
    hint: () => 'Give it to the program with the task, or allow this finding with a reason.',
  },
  'schema-key': {
    ...warning,
    message: () => '`$schema` is for editors; ops refuses a manifest that has it',
    hint: () => 'Remove it: editors find the schema by the name of the file.',
  },
  'nanos-version-ignored': {
    ...warning,
    message: () => '`NanosVersion` in a manifest has no effect, neither here nor in ops',
    hint: () => 'Remove it and set `nanosVersion` in `[package.metadata.package-vm]`.',
  },
  'no-effect': {
    ...note,
    message: ({ keys }: AtKey & { advice?: string | undefined }) => `\`${formatKeys(keys)}\` has no effect on an image`,
    hint: ({ advice }: AtKey & { advice?: string | undefined }) => advice,
  },
  'not-supported': {
    ...refused,
    message: ({ keys }: AtKey & { advice?: string | undefined }) => `\`${formatKeys(keys)}\` is not supported yet`,
    hint: ({ advice }: AtKey & { advice?: string | undefined }) => advice,
  },
  'program-path': {
    ...warning,
    message: ({ program, guestPath }: { program: string; guestPath: string; name: string }) =>
      `\`Program\` is \`${shorten(program)}\`, a path of the build: inside the image the program would be \`${shorten(guestPath)}\``,
    hint: ({ name }: { program: string; guestPath: string; name: string }) => `Write \`"Program": ${JSON.stringify(name)}\`.`,
  },
  'program-outside': {
    ...error,
    message: ({ program }: { program: string; name: string }) => `\`Program\` is \`${shorten(program)}\`, which contains \`..\``,
    hint: ({ name }: { program: string; name: string }) => `Write \`"Program": ${JSON.stringify(name)}\`.`,
  },
  'other-program': {
    ...error,
    message: ({ found, expected }: { found: string; expected: string }) =>
      `\`Program\` names \`${shorten(found)}\`, but the program to package is \`${expected}\``,
    hint: ({ expected }: { found: string; expected: string }) => `Write \`"Program": ${JSON.stringify(expected)}\`, or package that other program.`,
  },

  'unknown-program': {
    ...warning,
    message: ({ found, programs }: { found: string; programs: readonly string[]; meant: string | undefined }) =>
      `\`Program\` names \`${shorten(found)}\`, but the crate’s programs are ${programs.map((name) => `\`${name}\``).join(', ')}`,
    hint: ({ meant }: { found: string; programs: readonly string[]; meant: string | undefined }) =>
      meant === undefined ? 'Name one of them, or package a program that was built elsewhere with `--program`.' : `Did you mean \`${meant}\`?`,
  },
  'mount-over-system': {
    ...error,
    message: ({ keys, guestPath }: AtKey & { guestPath: string }) => `\`${formatKeys(keys)}\` mounts over \`${shorten(guestPath)}\`, which the system needs`,
    hint: () => 'Choose another folder, e.g. `/data`.',
  },
  'mount-point-taken': {
    ...error,
    message: ({ keys, guestPath, other }: AtKey & { guestPath: string; other: string }) =>
      `\`${formatKeys(keys)}\` mounts \`${shorten(guestPath)}\`, where \`${formatKeys(['Mounts', other])}\` is mounted already`,
    hint: () => 'Choose another folder, or remove one of them.',
  },

  // platform gevulot
  'workspace-missing': {
    ...error,
    message: () => 'Nothing is mounted at `/workspace`, where a node puts the task and reads the result',
    hint: () => 'Add `"Mounts": { "%0": "/workspace" }`.',
  },
  'workspace-read-only': {
    ...error,
    message: () => '`/workspace` is mounted read-only: the program could not leave its result there',
    hint: () => 'Write `/workspace` without `:ro`.',
  },
  'extra-mount': {
    ...error,
    message: ({ keys, guestPath }: AtKey & { guestPath: string }) =>
      `\`${formatKeys(keys)}\` mounts \`${shorten(guestPath)}\`, but a node mounts one folder only, at \`/workspace\``,
    hint: () => 'Remove this mount; pack its files into the image with `Dirs` or `MapDirs`.',
  },
  'mount-renumbered': {
    ...note,
    message: ({ keys, written }: AtKey & { written: string }) =>
      `\`${formatKeys(keys)}\` is written into the image as \`${written}\`, as ops does: a node shares the workspace under number 0`,
    hint: ({ written }: AtKey & { written: string }) => `Nothing to do; write \`"${written}"\` to say what happens.`,
  },
  'writable-root': {
    ...error,
    message: () => '`ManifestPassthrough.readonly_rootfs` is missing, but a node attaches the image read-only',
    hint: () => 'Add `"readonly_rootfs": "true"` to `ManifestPassthrough`.',
  },
  'reboot-on-exit': {
    ...error,
    message: ({ keys }: AtKey) =>
      `\`${formatKeys(keys)}\` makes a node lose the task: the machine starts again, asks for the task twice, and is stopped`,
    hint: () => 'Remove the key.',
  },
  'no-network': {
    ...note,
    message: ({ keys }: AtKey) => `\`${formatKeys(keys)}\` sets up a network, and a node has none`,
    hint: () => 'Remove it, unless the image also runs elsewhere.',
  },
  'exit-code-unknown': {
    ...note,
    message: () => '`ManifestPassthrough.debug_exit` is missing: QEMU ends with 0 whatever the program’s exit code is',
    hint: () => 'Add `"debug_exit": "true"` to `ManifestPassthrough`.',
  },

  // the settings
  'cannot-allow': {
    ...refused,
    message: ({ finding }: { finding: string }) => `\`${finding}\` cannot be allowed: it makes the manifest unreadable or the image unusable`,
    hint: () => 'Mend what it reports and remove this entry.',
  },
  'unused-allow': {
    ...warning,
    message: ({ finding }: { finding: string }) => `\`${shorten(finding)}\` is allowed, but there is no such finding`,
    hint: () => 'Remove the entry, or correct the code in it.',
  },
} satisfies Record<string, Wording>;

export type ManifestFindingCode = keyof typeof wordings;
export type FindingArgs<Code extends ManifestFindingCode> =
  Parameters<(typeof wordings)[Code]['message']> extends [infer Args] ? Args : Readonly<Record<string, never>>;

/** A finding in the words of its code. */
export function finding<Code extends ManifestFindingCode>(code: Code, place: Place, args: FindingArgs<Code>, fix?: Fix): Finding {
  const wording: Wording = wordings[code];
  // `FindingArgs` ties the arguments to the code; the table as a whole cannot say so
  const hint = wording.hint?.(args as never);
  const { severity } = wording;
  return { code, severity, message: wording.message(args as never), ...(hint === undefined ? {} : { hint }), place, ...(fix === undefined ? {} : { fix }) };
}

/** Whether a code is one of this package's. */
export function isManifestFinding(code: string): code is ManifestFindingCode {
  return Object.hasOwn(wordings, code);
}

/** Whether the settings may accept findings of this code. Codes of other packages may be accepted. */
export function isAllowable(code: string): boolean {
  return !isManifestFinding(code) || wordings[code].isAllowable;
}

function suggestionHint(suggestion: Suggestion | undefined): string | undefined {
  const { key, section, advice } = suggestion ?? {};
  if (advice !== undefined || key === undefined) return advice;
  if (section === undefined) return `Did you mean \`${key}\`?`;
  return section.length === 0 ? `\`${key}\` belongs at the top level.` : `\`${key}\` belongs in \`${formatKeys(section)}\`.`;
}
