import { GLIBC, buildElf, buildLoader } from '../../bundle/testing/elf-builder.js';
import { type PlanFindingCode } from '../plan-findings.js';

/** Files of a crate: text or bytes, a link, or a pipe. */
export type ExampleFile = string | Buffer | { readonly link: string } | { readonly isPipe: true };

export interface PlanExample {
  readonly bad: object;
  readonly good: object;
  readonly files: Readonly<Record<string, ExampleFile>>;
  /** Klibs of the Nanos release. */
  readonly klibs?: Readonly<Record<string, string>>;
  /** A program other than one that needs nothing. */
  readonly program?: Buffer;
  /** What cannot be made for a test on every machine, in words. */
  readonly how?: string;
}

const LFS = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n';

/** What no test can bring about that may run as root, who may read everything; the page says so. */
export type CodeWithoutExample = 'unreadable-path';

/** What brings each finding about, and the same put right; the program is `/hello`. */
export const planExamples: Readonly<Record<Exclude<PlanFindingCode, CodeWithoutExample>, PlanExample>> = {
  'absolute-path': { bad: { Files: ['/opt/params.bin'] }, good: { Files: ['params.bin'] }, files: { 'params.bin': '1' } },
  'boot-files-too-large': { bad: { Klibs: ['huge'] }, good: { Klibs: ['ntp'] }, files: {}, klibs: { huge: 'x'.repeat(13 * 1024 * 1024), ntp: 'x' }, how: 'The klib `huge` has 13 MiB; the boot file system has 12 MiB for kernel and klibs.' },
  'broken-link': { bad: { Dirs: ['data'] }, good: { Dirs: ['data', 'more'] }, files: { 'data/latest': { link: '../more/2.bin' }, 'more/2.bin': '2' } },
  'empty-map': { bad: { MapDirs: { data: '/params' } }, good: { MapDirs: { 'data/*': '/params' } }, files: { 'data/a.bin': '1' } },
  'git-lfs-pointer': { bad: { Files: ['pointer.bin'] }, good: { Files: ['fetched.bin'] }, files: { 'pointer.bin': LFS, 'fetched.bin': 'the file itself' } },
  'hidden-by-mount': { bad: { Dirs: ['workspace'], Mounts: { '%0': '/workspace' } }, good: { MapDirs: { 'workspace/*': '/defaults' }, Mounts: { '%0': '/workspace' } }, files: { 'workspace/a.bin': '1' } },
  'kernel-path': { bad: { Files: ['dev/null'] }, good: {}, files: { 'dev/null': '' } },
  'library-not-in-image': {
    bad: { Files: ['lib64/ld-linux-x86-64.so.2'] },
    good: { Files: ['lib64/ld-linux-x86-64.so.2', 'lib/libextra.so.1'] },
    files: { 'lib64/ld-linux-x86-64.so.2': buildLoader('debian'), 'lib/libextra.so.1': buildElf({ soname: 'libextra.so.1' }) },
    program: buildElf({ interpreter: GLIBC, needed: ['libextra.so.1'] }),
    how: 'The program needs `libextra.so.1`, and was built elsewhere.',
  },
  'link-outside': { bad: { Files: ['params.bin'] }, good: { Files: ['copied.bin'] }, files: { 'params.bin': { link: '/etc/passwd' }, 'copied.bin': '1' } },
  'missing-klib': { bad: { Klibs: ['nfs'] }, good: { Klibs: ['ntp'] }, files: {}, klibs: { ntp: 'x' } },
  'missing-path': { bad: { Files: ['parms.bin'] }, good: { Files: ['params.bin'] }, files: { 'params.bin': '1' } },
  'mount-not-a-folder': { bad: { Files: ['data'], Mounts: { '%0': '/data' } }, good: { Files: ['data'], Mounts: { '%0': '/workspace' } }, files: { data: '1' } },
  'not-a-file': { bad: { Files: ['params'] }, good: { Dirs: ['params'] }, files: { 'params/a.bin': '1' } },
  'not-a-folder': { bad: { Dirs: ['params.bin'] }, good: { Files: ['params.bin'] }, files: { 'params.bin': '1' } },
  'outside-base': { bad: { Files: ['../params.bin'] }, good: { Files: ['params.bin'] }, files: { 'params.bin': '1' } },
  'outside-workspace': { bad: { MapDirs: { '../params/*': '/params' } }, good: { MapDirs: { 'params/*': '/params' } }, files: { 'params/a.bin': '1', '../params/a.bin': '1' } },
  'path-taken': { bad: { Files: ['a.bin'], MapDirs: { 'data/*': '/' } }, good: { Files: ['a.bin'], MapDirs: { 'data/*': '/data' } }, files: { 'a.bin': '1', 'data/a.bin': '2' } },
  'replaces-system-file': { bad: { Files: ['etc/resolv.conf'] }, good: { NameServers: ['1.1.1.1'] }, files: { 'etc/resolv.conf': 'nameserver 1.1.1.1\n' } },
  'secret-file': { bad: { Dirs: ['conf'] }, good: { Files: ['conf/prover.toml'] }, files: { 'conf/.env': 'API_TOKEN=1', 'conf/prover.toml': '' } },
  'special-file': { bad: { Dirs: ['run'] }, good: {}, files: { 'run/pipe': { isPipe: true } } },
  'tool-folder': { bad: { Dirs: ['site'] }, good: { Dirs: ['site/dist'] }, files: { 'site/node_modules/x/index.js': '', 'site/dist/index.html': '' } },
  'undecodable-name': { bad: { Dirs: ['data'] }, good: { Files: ['data/a'] }, files: { 'data/a': '1', 'data/\xff': '2' }, how: 'A name in `data` is Latin-1.' },
  'volume-too-large': { bad: { BaseVolumeSz: '4000g' }, good: { BaseVolumeSz: '4g' }, files: {} },
  'working-folder-missing': { bad: { ManifestPassthrough: { cwd: '/data' } }, good: { Dirs: ['data'], ManifestPassthrough: { cwd: '/data' } }, files: { 'data/a': '1' } },
};
