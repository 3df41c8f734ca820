import type { BundleLibrary } from 'package-vm';
import { refuseUnseenLibraries } from './unseen-libraries.js';

const library = (name: string, origin: BundleLibrary['origin'], sha256 = name): BundleLibrary => ({ guestPath: `/lib/${name}`, hostPath: `/host/${name}`, sizeBytes: 1, sha256, origin });
const digestOf = (name: string): string => name;

describe('refuseUnseenLibraries', () => {
  it.each([
    { reason: 'the C library', libraries: [library('libc.so.6', 'host'), library('ld-linux-x86-64.so.2', 'host')], extra: [] },
    { reason: 'what cargo or a sysroot gave', libraries: [library('liba.so', 'cargo'), library('libb.so', 'sysroot')], extra: [] },
    { reason: 'what the settings name', libraries: [library('libssl.so.3', 'extra')], extra: ['libssl.so.3'] },
    { reason: 'what the settings name by its path', libraries: [library('libx.so', 'extra', 'other')], extra: ['lib/libx.so'] },
  ])('lets $reason pass', ({ libraries, extra }) => {
    expect(() => { refuseUnseenLibraries(libraries, { extraLibraries: extra, targets: [] }, digestOf); }).not.toThrow();
  });

  it('names the line to add for another library of this machine', () => {
    const libraries = [library('libc.so.6', 'host'), library('libssl.so.3', 'host'), library('libopened.so', 'extra')];
    expect(() => { refuseUnseenLibraries(libraries, { extraLibraries: ['libopened.so'], targets: [] }, digestOf); }).toThrow(
      expect.objectContaining({ code: 'PVM_UNHASHED_FILE', hint: expect.stringContaining('`extraLibraries = ["libopened.so", "libssl.so.3"]`') as string }) as Error,
    );
  });

  it('refuses one that is not the file that the fingerprint reads', () => {
    expect(() => { refuseUnseenLibraries([library('libc.so.6', 'host', 'another')], { extraLibraries: [], targets: [] }, digestOf); }).toThrow('`libc.so.6`');
  });

  it('refuses the C library of this machine where the fingerprint has none, for a static target', () => {
    expect(() => { refuseUnseenLibraries([library('libc.so.6', 'host')], { extraLibraries: [], targets: ['x86_64-unknown-linux-musl'] }, digestOf); }).toThrow('`libc.so.6`');
  });
});
