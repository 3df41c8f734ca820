import { mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SourceTree, extractTree } from './extract-tree.js';
import { kernelFiles, writeKernelFiles } from './kernel-files.js';

const KIB = 1024;
const contents: Record<string, readonly Uint8Array[]> = {
  '/a/data': [Buffer.alloc(3 * 64 * KIB), Buffer.from('end')],
  '/empty': [],
  '/program': [Buffer.from('pro'), Buffer.from('gram')],
};
const tree: SourceTree = {
  attributes: new Map(),
  entries: [
    { kind: 'directory', path: '/a' },
    { kind: 'file', path: '/a/data', sizeBytes: 3 * 64 * KIB + 3 },
    { kind: 'link', path: '/a/link', target: '/program' },
    { kind: 'file', path: '/empty', sizeBytes: 0 },
    { kind: 'file', path: '/program', sizeBytes: 7 },
  ],
  resolve: (path) => path,
  readFile: (path) => contents[path] ?? [],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'package-vm-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const options = { program: '/program', makesLinksRelative: false, signal: undefined };

describe('extractTree', () => {
  it('writes contents, modes and times as Nanos shows them, zeros as holes', async () => {
    await extractTree(tree, { folder, ...options });
    expect(readFileSync(join(folder, 'program'), 'utf8')).toBe('program');
    expect(readFileSync(join(folder, 'a', 'data')).equals(Buffer.concat(contents['/a/data'] ?? []))).toBe(true);
    expect(readlinkSync(join(folder, 'a', 'link'))).toBe('/program');
    const [program, data] = [statSync(join(folder, 'program')), statSync(join(folder, 'a', 'data'))];
    expect([program.mode & 0o777, data.mode & 0o777, program.mtimeMs, statSync(join(folder, 'empty')).size]).toEqual([0o555, 0o777, 0, 0]);
    expect(data.blocks * 512).toBeLessThan(64 * KIB);
  });

  it('makes links relative where the folder is nobody\'s root', async () => {
    await extractTree(tree, { folder, ...options, makesLinksRelative: true });
    expect(readlinkSync(join(folder, 'a', 'link'))).toBe('../program');
  });

  it('refuses to write through a link', async () => {
    const entries: SourceTree['entries'] = [{ kind: 'link', path: '/a', target: '/tmp' }, { kind: 'file', path: '/a/data', sizeBytes: 3 }];
    await expect(extractTree({ ...tree, entries }, { folder, ...options })).rejects.toMatchObject({ code: 'PVM_BAD_IMAGE' });
  });

  it('stops on request', async () => {
    const piece = Buffer.alloc(1024 * KIB);
    const endless: SourceTree = { ...tree, *readFile() { for (;;) yield piece; } };
    await expect(extractTree(endless, { folder, ...options, signal: AbortSignal.timeout(20) })).rejects.toMatchObject({ code: 'PVM_CANCELLED' });
  });
});

const facts = { program: '/program', isReadonlyRoot: true, share: { mountPoint: '/workspace', isReadonly: false }, cpus: 4, memoryMiB: 512 };

describe('writeKernelFiles', () => {
  it('adds the files of the kernel and no others', () => {
    expect(writeKernelFiles(folder, facts)).toBeUndefined();
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      'dev', 'dev/null', 'dev/urandom', 'proc', 'proc/meminfo', 'proc/mounts', 'proc/self', 'proc/self/exe', 'proc/self/maps',
      'sys', 'sys/devices', 'sys/devices/system', 'sys/devices/system/cpu', 'sys/devices/system/cpu/cpu0', 'sys/devices/system/cpu/online',
    ]);
    expect(readlinkSync(join(folder, 'proc/self/exe'))).toBe('/program');
  });

  it('leaves the link to the program that the image has', () => {
    mkdirSync(join(folder, 'proc/self'), { recursive: true });
    symlinkSync('/other', join(folder, 'proc/self/exe'));
    writeKernelFiles(folder, facts);
    expect(readlinkSync(join(folder, 'proc/self/exe'))).toBe('/other');
  });

  it.each<{ reason: string; make: () => void; path: string }>([
    { reason: 'has the file', make: () => { mkdirSync(join(folder, 'dev')); writeFileSync(join(folder, 'dev/null'), ''); }, path: '/dev/null' },
    { reason: 'has a file for a folder', make: () => { writeFileSync(join(folder, 'sys'), ''); }, path: '/sys/devices/system/cpu/online' },
    { reason: 'has a link for a folder', make: () => { symlinkSync('/etc', join(folder, 'proc')); }, path: '/proc/meminfo' },
  ])('gives the path where the image $reason', ({ make, path }) => {
    make();
    expect(writeKernelFiles(folder, facts)).toBe(path);
  });

  it('says what is mounted and how large the machine is', () => {
    const files = kernelFiles(facts);
    expect(files.get('/proc/mounts')).toBe('root / tfs ro 0 0\nvirtfs0 /workspace tfs rw 0 0\n');
    expect(files.get('/sys/devices/system/cpu/online')).toBe('0-3\n');
    expect(files.get('/proc/meminfo')).toMatch(/^MemTotal: {8}524288 kB\n/);
    expect(kernelFiles({ ...facts, isReadonlyRoot: false, share: undefined }).get('/proc/mounts')).toBe('root / tfs rw 0 0\n');
  });
});
