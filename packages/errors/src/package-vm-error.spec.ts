import { MissingToolError, PackageVmError, errorCodeOf, errorExitCode, errorMessageOf, isPackageVmError } from './index.js';

describe('PackageVmError', () => {
  it('is recognised by its code, also when it comes from another copy of this package', () => {
    const foreign = Object.assign(new Error('x'), { code: 'PVM_CANCELLED' });
    expect(isPackageVmError(foreign)).toBe(true);
  });

  it.each([
    { reason: 'a system error', value: Object.assign(new Error('x'), { code: 'ENOENT' }) },
    { reason: 'an unknown code', value: Object.assign(new Error('x'), { code: 'PVM_NO_SUCH' }) },
    { reason: 'an inherited name', value: Object.assign(new Error('x'), { code: 'toString' }) },
    { reason: 'no message', value: { code: 'PVM_CANCELLED' } },
    { reason: 'no object', value: 'PVM_CANCELLED' },
  ])('does not take $reason for its own', ({ value }) => {
    expect(isPackageVmError(value)).toBe(false);
    expect(errorExitCode(value)).toBe(70);
  });

  it.each([
    { reason: 'a system error', value: Object.assign(new Error('no\nstack'), { code: 'ENOENT' }), code: 'ENOENT', message: 'no' },
    { reason: 'a thrown string', value: 'text', code: undefined, message: 'text' },
    { reason: 'a thrown null', value: null, code: undefined, message: 'null' },
  ])('reads code and message of $reason', ({ value, code, message }) => {
    expect([errorCodeOf(value), errorMessageOf(value)]).toEqual([code, message]);
  });

  it('keeps cause, hint and data', () => {
    const cause = new Error('why');
    const error = new PackageVmError('PVM_PROGRAM_FAILED', 'It failed', { cause, hint: 'Try again.', data: { exitCode: 3 } });
    expect(error).toMatchObject({ cause, hint: 'Try again.', data: { exitCode: 3 }, code: 'PVM_PROGRAM_FAILED' });
  });

  it('says what a missing tool is needed for and how to install it', () => {
    const error = new MissingToolError({ tool: 'cargo', purpose: 'build the program', install: 'rustup-init' });
    expect(error.message).toBe('Could not find `cargo`, needed to build the program');
    expect(error.hint).toBe('Install it with `rustup-init`, or put its folder on PATH.');
    expect(errorExitCode(error)).toBe(3);
  });
});
