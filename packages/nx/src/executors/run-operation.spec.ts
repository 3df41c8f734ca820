import { PackageVmError } from '@package-vm/errors';
import { describeError, runOperation } from './run-operation.js';

describe('runOperation', () => {
  it('succeeds unless the operation says no', async () => {
    expect(await runOperation(() => Promise.resolve(true))).toEqual({ success: true });
    expect(await runOperation(() => Promise.resolve(false))).toEqual({ success: false });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('stops the operation on %s and leaves no listener behind', async (signal) => {
    const before = process.listenerCount(signal);
    const result = runOperation(
      (context) => new Promise((resolve) => { context.signal.addEventListener('abort', () => { resolve(false); }); }),
    );
    process.emit(signal);
    expect(await result).toEqual({ success: false });
    expect(process.listenerCount(signal)).toBe(before);
  });
});

describe('describeError', () => {
  it('gives message and hint of what a user can mend, without a stack', () => {
    const error = new PackageVmError('PVM_NO_MANIFEST', 'There is no manifest', { hint: 'Create one.' });
    expect(describeError(error)).toBe('PVM_NO_MANIFEST: There is no manifest\nHint: Create one.');
  });

  it('lets no terminal obey what an error quotes', () => {
    expect(describeError(new PackageVmError('PVM_NO_FILE', 'a\x1b[2J\nb', { hint: '\x9b' }))).toBe('PVM_NO_FILE: a\\x1b[2J\nb\nHint: \\x9b');
  });

  it('gives the stack of a bug', () => {
    expect(describeError(new TypeError('oops'))).toMatch(/^This is a bug of package-vm:\nTypeError: oops\n {4}at /);
    expect(describeError('text')).toContain('text');
  });
});
