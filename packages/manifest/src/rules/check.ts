import { type Change, type Finding, type Fix, type Keys } from '../finding.js';
import { type FindingArgs, type ManifestFindingCode, finding } from '../findings.js';
import { originOf } from '../origin.js';
import { type Manifest } from '../schema/manifest.js';

/** Where an image will run; decides which rules hold. */
export type Platform = 'gevulot' | 'nanos';

export interface CheckOptions {
  /** The manifest's file, as it is named in findings. */
  readonly file: string;
  readonly platform: Platform;
  /** Name of the program to package, where it is known. */
  readonly program?: string | undefined;
  /** All programs of the crate, where they are known. */
  readonly programs?: readonly string[] | undefined;
}

/** A manifest under check: what rules look at and report with. */
export interface Check extends CheckOptions {
  readonly manifest: Manifest;
  readonly report: <Code extends ManifestFindingCode>(code: Code, keys: Keys, args: FindingArgs<Code>, how?: { readonly at?: 'key' | 'value'; readonly fix?: Fix | undefined }) => Finding;
  /** Whether all that the text says at this path is in the manifest. Where not, a rule on what is missing holds its tongue. */
  readonly isWhole: (...keys: readonly string[]) => boolean;
}

/** Looks at a manifest and yields what it finds. */
export type Rule = (check: Check) => Iterable<Finding>;

export function startCheck(manifest: Manifest, options: CheckOptions): Check {
  const { place, input, leftOut } = originOf(manifest, options.file);
  // `mounts` was left out because of its spelling, and is meant to be `Mounts`
  const same = (a: string | number | undefined, b: string | undefined): boolean =>
    a === undefined || b === undefined || String(a).toLowerCase() === b.toLowerCase();
  return {
    ...options,
    manifest,
    report: (code, keys, args, { at = 'value', fix } = {}) => finding(code, place(keys, at), args, fix && { ...fix, changes: fix.changes.map((change) => inInput(change, input)) }),
    isWhole: (...keys) => !leftOut.some((path) => keys.every((key, index) => same(path[index], key))),
  };
}

function inInput(change: Change, input: (keys: Keys) => Keys): Change {
  return change.kind === 'replace' ? change : { ...change, keys: input(change.keys) };
}
