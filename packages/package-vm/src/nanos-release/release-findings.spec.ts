import { homedir } from 'node:os';
import { releaseFindings } from './release-findings.js';
import { defaultCacheFolder } from './release-cache.js';
import { compareVersions } from './release-version.js';
import { archiveUrl } from './upstream.js';

const release = { version: '0.1.54', origin: 'https://host/', files: [], isLocked: true, isPlaceholder: false };

describe('releaseFindings', () => {
  it.each([
    { reason: 'a locked, sound version', codes: [] },
    { reason: 'an older version', more: { version: '0.1.9' }, codes: [] },
    { reason: 'a version that is not locked', more: { isLocked: false }, codes: ['nanos-not-locked'] },
    { reason: 'the faulty version', more: { version: '0.1.55' }, codes: ['nanos-faulty-version'] },
    { reason: 'a later version', more: { version: '0.2.0' }, codes: ['nanos-faulty-version'] },
    { reason: 'a folder that is not locked', more: { version: 'folder', origin: 'folder', isLocked: false }, codes: ['nanos-not-locked'] },
    { reason: 'the placeholder', more: { version: 'placeholder', isPlaceholder: true, isLocked: false }, codes: ['placeholder-release'] },
  ])('for $reason', ({ more = {}, codes }) => {
    expect(releaseFindings({ ...release, ...more }).map(({ code }) => code)).toEqual(codes);
  });

  it('recommend the sound version', () => {
    expect(releaseFindings({ ...release, version: '0.1.55' })).toEqual([
      {
        code: 'nanos-faulty-version',
        severity: 'warning',
        message: 'Nanos 0.1.55 has a fault: two `metadata()` calls on one file of the workspace can crash or hang the kernel',
        hint: 'Use 0.1.54: `package-vm nanos install 0.1.54`.',
        place: { file: 'nanos.lock.json' },
      },
    ]);
  });
});

describe('compareVersions', () => {
  it('goes by numbers', () => {
    expect(['0.1.54', '0.1.9', '1.0.0', '0.1.54'].sort(compareVersions)).toEqual(['0.1.9', '0.1.54', '0.1.54', '1.0.0']);
  });
});

describe('defaultCacheFolder', () => {
  it.each([
    { reason: 'XDG_CACHE_HOME', env: { XDG_CACHE_HOME: '/x' }, platform: 'linux' as const, folder: '/x/package-vm/nanos' },
    { reason: 'no relative XDG_CACHE_HOME', env: { XDG_CACHE_HOME: 'x' }, platform: 'linux' as const, folder: '/home/me/.cache/package-vm/nanos' },
    { reason: 'the home on Linux', env: {}, platform: 'linux' as const, folder: '/home/me/.cache/package-vm/nanos' },
    { reason: 'the home on macOS', env: {}, platform: 'darwin' as const, folder: '/home/me/Library/Caches/package-vm/nanos' },
  ])('follows $reason', ({ env, platform, folder }) => {
    expect(defaultCacheFolder({ env, platform, home: '/home/me' })).toBe(folder);
  });

  it('is the one of this user', () => {
    expect(defaultCacheFolder().startsWith(process.env.XDG_CACHE_HOME ?? homedir())).toBe(true);
  });
});

describe('archiveUrl', () => {
  it.each([
    { reason: 'upstream', base: undefined, url: 'https://storage.googleapis.com/nanos/release/0.1.54/nanos-release-linux-0.1.54.tar.gz' },
    { reason: 'a mirror', base: 'http://mirror/nanos', url: 'http://mirror/nanos/0.1.54/nanos-release-linux-0.1.54.tar.gz' },
    { reason: 'a mirror with a final slash', base: 'http://mirror/nanos/', url: 'http://mirror/nanos/0.1.54/nanos-release-linux-0.1.54.tar.gz' },
  ])('is below $reason', ({ base, url }) => {
    expect(archiveUrl('0.1.54', base).href).toBe(url);
  });
});
