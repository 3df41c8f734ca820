import { PackageVmError } from '@package-vm/errors';

/** Folders in which cargo puts its own files beside the programs it builds (cargo `util/restricted_names.rs`). */
const OWN_FOLDERS = new Set(['build', 'deps', 'examples', 'incremental']);

/** Names that `cargo new` refuses (same file). */
const KEYWORDS = new Set(
  (
    'Self abstract as async await become box break const continue crate do dyn else enum extern false final fn for if impl in let loop macro match mod move mut ' +
    'override priv pub ref return self static struct super trait true try type typeof unsafe unsized use virtual where while yield'
  ).split(' '),
);

/**
 * Checks that cargo takes the name for a package and its program, as `cargo new` does.
 *
 * @throws PVM_BAD_USAGE
 */
export function requirePackageName(name: string): void {
  const reason = findReason(name);
  if (reason === undefined) return;
  throw new PackageVmError('PVM_BAD_USAGE', `cargo takes no package with the name \`${name}\`: ${reason}`, { hint: 'Give another with `--name`.' });
}

function findReason(name: string): string | undefined {
  if (!/^[\p{XID_Start}_][\p{XID_Continue}-]*$/u.test(name)) return 'expected letters, digits, `-` and `_`, and a letter or `_` first';
  if (OWN_FOLDERS.has(name)) return 'it has a folder of its own of that name';
  if (KEYWORDS.has(name)) return 'it is a keyword of Rust';
  if (name === 'test') return 'it is a library of Rust';
  return undefined;
}
