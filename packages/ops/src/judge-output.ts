import { type ErrorCode, PackageVmError } from '@package-vm/errors';
import { type ProgramResult } from '@package-vm/process';

/** What is missing in an image that ops nevertheless may call bootable, ending with 0 (ops fs/manifest.go, AddKlibs and AddKernel). */
const MISSING: readonly { readonly code: ErrorCode; readonly pattern: RegExp; readonly what: string }[] = [
  { code: 'PVM_OPS_MISSING_KLIB', pattern: /^Klib "(.*)" not found in directory/m, what: 'klib' },
  { code: 'PVM_OPS_MISSING_KERNEL', pattern: /^file "(.*\/kernel\.img)" is missing/m, what: 'kernel' },
  // at the start (ops cmd/flags_nightly.go, updateNanosToolsPaths)
  { code: 'PVM_OPS_MISSING_KERNEL', pattern: /^error: (.*\/kernel\.img): /m, what: 'kernel' },
];

/** Said at each good build. */
const EXPECTED: readonly RegExp[] = [
  /^version lookup failed, using local\.$/,
  // the real program in place of the decoy, our system files in place of its own: what is new is staged by us
  /^warning: overwriting existing file ".*" hostpath old: .* new: ".*"$/,
  /^Bootable image file:/,
];

/**
 * What ops thought worth a warning, line by line, of a good build.
 *
 * @throws PVM_OPS_FAILED with its own words; PVM_OPS_MISSING_KLIB, PVM_OPS_MISSING_KERNEL
 */
export function judgeOutput({ exitCode, signal, stdout, stderr }: ProgramResult): readonly string[] {
  const words = `${stdout}\n${stderr}`;
  for (const { code, pattern, what } of MISSING) {
    const found = pattern.exec(words);
    if (found !== null) throw new PackageVmError(code, `\`ops build\` did not find the ${what} \`${found[1] ?? ''}\``, { data: { words: found[0] } });
  }
  if (exitCode !== 0) throw failed(signal === undefined ? `ended with exit code ${exitCode}` : `was ended by ${signal}`, words);
  if (!/^Bootable image file:.+$/m.test(stdout)) throw failed('ended without naming an image', words);
  return words.split('\n').flatMap((line) => (line.trim() === '' || EXPECTED.some((pattern) => pattern.test(line.trim())) ? [] : [line.trim()]));
}

function failed(how: string, words: string): PackageVmError {
  const said = tellingPart(words);
  return new PackageVmError('PVM_OPS_FAILED', `\`ops build\` ${how}${said === '' ? '' : `:\n${said}`}`, { data: { words: said } });
}

/** The beginning of a crash, whose end is nothing but addresses; otherwise the end. */
function tellingPart(words: string): string {
  const lines = words.split('\n').filter((line) => line.trim() !== '' && !EXPECTED.some((pattern) => pattern.test(line.trim())));
  const crash = lines.findIndex((line) => /^(panic|fatal error):/.test(line));
  return (crash === -1 ? lines.slice(-20) : lines.slice(crash, crash + 5)).join('\n');
}
