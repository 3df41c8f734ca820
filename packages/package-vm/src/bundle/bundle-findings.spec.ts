import { bundleFindings } from './bundle-findings.js';
import { type Bundle, type LibraryOrigin } from './bundle.js';

const file = { hostPath: '/x', sizeBytes: 1, sha256: '0'.repeat(64) };
const bundle = (...origins: readonly LibraryOrigin[]): Bundle => ({
  name: 'prover',
  program: file,
  libraries: origins.map((origin, index) => ({ ...file, guestPath: `/lib/lib${index}.so`, origin })),
  build: undefined,
});

describe('bundleFindings', () => {
  it('notes which libraries tie the identity to this machine', () => {
    expect(bundleFindings(bundle('host', 'cargo', 'host'))).toMatchObject([
      {
        code: 'host-libraries',
        severity: 'note',
        message: "2 shared libraries come from this machine and tie the program's identity to it: `/lib/lib0.so`, `/lib/lib2.so`",
      },
    ]);
  });

  it('has nothing to say of a static program or a pinned sysroot', () => {
    expect(bundleFindings(bundle())).toEqual([]);
    expect(bundleFindings(bundle('sysroot', 'program', 'cargo', 'extra'))).toEqual([]);
  });
});
