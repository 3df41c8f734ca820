import { type Value } from '@package-vm/disk-image';
import { type ProgramFacts, readProgramFacts } from './program-facts.js';

const facts = (attributes: Record<string, Value>): ProgramFacts => readProgramFacts(new Map(Object.entries(attributes)));
const mounts = (...pairs: [string, string][]): ProgramFacts => facts({ program: '/p', mounts: new Map(pairs) });

describe('readProgramFacts', () => {
  it('reads what an image of ours says', () => {
    expect(
      facts({
        program: '/prover', arguments: ['prover', '--fast'], environment: new Map([['USER', 'root'], ['NANOS_VERSION', '0.1.54']]),
        mounts: new Map([['%0', '/workspace']]), readonly_rootfs: 'true', cwd: '/workspace',
      }),
    ).toEqual({
      program: '/prover', arguments: ['prover', '--fast'], environment: ['USER=root', 'NANOS_VERSION=0.1.54'], cwd: '/workspace',
      isReadonlyRoot: true, share: { mountPoint: '/workspace', isReadonly: false }, otherMounts: [], nanosVersion: '0.1.54', dropped: [],
    });
  });

  it('gives the program as its only argument where there are none', () => {
    expect(facts({ program: 'bin/prover' })).toMatchObject({ program: '/bin/prover', arguments: ['bin/prover'], environment: [], cwd: '/' });
  });

  it('takes any value for a read-only root, as the kernel does', () => {
    expect(facts({ program: '/p', readonly_rootfs: 'false' }).isReadonlyRoot).toBe(true);
    expect(facts({ program: '/p' }).isReadonlyRoot).toBe(false);
  });

  it.each([
    { version: '0.1.54', expected: { arguments: ['p', 'x'], environment: ['NANOS_VERSION=0.1.54'], dropped: ['argument 1', 'EMPTY'] } },
    { version: '0.1.55', expected: { arguments: ['p', '', 'x'], environment: ['NANOS_VERSION=0.1.55', 'EMPTY='], dropped: [] } },
  ])('drops what Nanos $version drops', ({ version, expected }) => {
    const environment = new Map([['NANOS_VERSION', version], ['EMPTY', '']]);
    expect(facts({ program: '/p', arguments: ['p', '', 'x'], environment })).toMatchObject(expected);
  });

  it.each<{ reason: string; seen: ProgramFacts; share: ProgramFacts['share']; otherMounts: readonly string[] }>([
    { reason: 'a node has only `%0`', seen: mounts(['%1', '/workspace']), share: undefined, otherMounts: ['%1 at /workspace'] },
    { reason: 'of two, the share lands on `%0`', seen: mounts(['%0', '/a'], ['%1', '/workspace']), share: { mountPoint: '/a', isReadonly: false }, otherMounts: ['%1 at /workspace'] },
    { reason: 'the target ends at the first `:ro`', seen: mounts(['%0', '/a:rough']), share: { mountPoint: '/a', isReadonly: true }, otherMounts: [] },
    { reason: 'slashes do not count', seen: mounts(['%0', '//a/']), share: { mountPoint: '/a', isReadonly: false }, otherMounts: [] },
  ])('decodes mounts: $reason', ({ seen, share, otherMounts }) => {
    expect(seen).toMatchObject({ share, otherMounts });
  });
});
