import { withFileLock } from './file-lock.js';

describe('a lock that cannot be made', () => {
  const path = '/no/such/folder/.lock';
  const action = (): Promise<void> => Promise.resolve();

  it('is told by its path', async () => {
    await expect(withFileLock({ path }, action)).rejects.toMatchObject({ code: 'PVM_WRITE_FAILED', message: `Could not write \`${path}\`: there is no such file` });
  });

  it('is told in the words of the caller, who knows what it is for', async () => {
    const failure = (cause: unknown): Error => new Error('the image', { cause });
    await expect(withFileLock({ path, failure }, action)).rejects.toMatchObject({ message: 'the image', cause: { code: 'ENOENT' } });
  });
});
