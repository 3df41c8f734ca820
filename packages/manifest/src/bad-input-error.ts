import { PackageVmError } from '@package-vm/errors';
import { type Finding, isBlocking } from './finding.js';

/** The error of a manifest that cannot be built, `PVM_BAD_MANIFEST`: says the first problem and how many more; `data.findings` has all findings. */
export function manifestError(findings: readonly Finding[]): PackageVmError {
  return inputError('PVM_BAD_MANIFEST', findings);
}

/** The error of settings that cannot be used, `PVM_BAD_SETTINGS`, like {@link manifestError}. */
export function settingsError(findings: readonly Finding[]): PackageVmError {
  return inputError('PVM_BAD_SETTINGS', findings);
}

function inputError(code: 'PVM_BAD_MANIFEST' | 'PVM_BAD_SETTINGS', findings: readonly Finding[]): PackageVmError {
  const [first, ...others] = findings.filter(isBlocking);
  if (first === undefined) throw new RangeError('There is no finding that stops a build');
  const { place, message, hint } = first;
  const where = [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
  const more = others.length === 0 ? '' : ` (and ${others.length} more problem${others.length === 1 ? '' : 's'})`;
  return new PackageVmError(code, `${message}, at ${where}${more}`, { hint, data: { findings } });
}
