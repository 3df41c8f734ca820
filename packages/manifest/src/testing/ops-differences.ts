import { type ManifestFindingCode } from '../findings.js';

/**
 * What ops (nanovms/ops at bb2d9ce) accepts without a word, and the check refuses: by the code of its finding, what comes of it. Held against a real
 * ops by `e2e/manifest-ops.spec.ts`, for the corpus and for the examples.
 */
export const acceptedByOps: Readonly<Partial<Record<ManifestFindingCode, string>>> = {
  syntax: 'what stands behind the object, such as the end of a Markdown fence, is not read',
  'duplicate-key': 'of a key that is given twice the last one counts',
  'bad-text': 'a NUL gets into the image, where the kernel takes it for the end; half a character becomes another',
  'unknown-key': 'keys are taken in any case, `files` for `Files`; an option that a klib does not know stops the boot',
  'wrong-type': '`null` is taken for nothing',
  'bad-value': 'a size or an address that cannot be read is left out; what the kernel cannot read is written as it is',
  'reserved-key': 'an attribute of `ManifestPassthrough` takes the place of what ops writes itself, `program` too',
  'misspelt-passthrough-key': 'a misspelt attribute is written as it is, and the kernel ignores it',
  'no-flag': 'a debug flag becomes an attribute of the value `t`, `cwd` too',
  'presence-flag': '`"false"` turns a flag on',
  'klib-unset': 'a klib that fails without its settings stops the boot',
  'bad-env-name': 'a name with `=` in it is written as it is',
  'other-program': 'another program than the one that is meant is packaged, if there is one of that name',
  'mount-over-system': 'a mount hides the folder that the loader or the kernel needs',
  'mount-point-taken': 'two mounts share one folder',
  'mount-inside-mount': 'a mount inside another is left out by the kernel',
  'workspace-missing': 'the program finds no task, and a node no result',
  'workspace-misspelt': 'the same',
  'workspace-read-only': 'the program cannot leave its result',
  'extra-mount': 'the node’s share lands on whichever mount sorts first',
  'writable-root': 'a node attaches the image read-only, and writes fail',
  'reboot-on-exit': 'a node loses the task',
};

/** What ops refuses, and the check accepts on purpose: by the title in the corpus or the code of the example, with the reason. */
export const refusedByOps: Readonly<Record<string, string>> = {
  'line comments': 'comments are accepted here',
  'block comments': 'comments are accepted here',
  'trailing commas': 'trailing commas are accepted here',
  'a trailing comma and a comment at the end of the file, on which ops panics': 'both are accepted here',
  'example of byte-order-mark': '`byte-order-mark` warns',
  'the schema of an editor': '`schema-key` warns',
};
