import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findOps } from './find-ops.js';
import { identifyOps, opsCacheKey } from './ops-version.js';
import { standInOps } from './testing/stand-in-ops.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ops-spec-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('findOps', () => {
  it('takes the first on PATH', () => {
    mkdirSync(join(folder, 'a/ops'), { recursive: true });
    writeFileSync(join(folder, 'not-executable'), '');
    const [first, second] = [standInOps(join(folder, 'b')), standInOps(join(folder, 'c'))];
    expect(findOps({ PATH: ['a', 'b', 'c'].map((name) => join(folder, name)).join(':') })).toBe(first);
    expect(findOps({ PATH: join(folder, 'c') })).toBe(second);
  });

  it('leaves out folders that depend on where one stands', () => {
    standInOps(join(folder, 'b'));
    expect(() => findOps({ PATH: `${relative(process.cwd(), join(folder, 'b'))}:.:`, HOME: folder })).toThrow(expect.objectContaining({ code: 'PVM_MISSING_TOOL' }) as Error);
  });

  it('looks where the installer puts it', () => {
    const program = standInOps(join(folder, '.ops/bin'));
    expect(findOps({ PATH: '', HOME: folder })).toBe(program);
  });

  it('says how to install it', () => {
    expect(() => findOps({ HOME: folder })).toThrow(
      expect.objectContaining({ code: 'PVM_MISSING_TOOL', hint: expect.stringContaining('curl https://ops.city/get.sh -sSfL | sh') as unknown }) as Error,
    );
  });
});

describe('identifyOps', () => {
  it.each([
    { version: '0.1.42', known: '0.1.42', key: '0.1.42' },
    { version: '0.2.0', known: '0.2.0', key: '0.2.0' },
    { version: '', known: 'unversioned', key: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as unknown },
  ])('tells `$version`', async ({ version, known, key }) => {
    const program = standInOps(folder, { version });
    await expect(identifyOps(program)).resolves.toEqual({ program, version: known });
    await expect(opsCacheKey(program)).resolves.toEqual(key);
  });

  it('refuses what is another program of that name', async () => {
    writeFileSync(join(folder, 'ops'), '#!/bin/sh\necho usage: ops; exit 2\n', { mode: 0o755 });
    await expect(identifyOps(join(folder, 'ops'))).rejects.toMatchObject({ code: 'PVM_OPS_FAILED', message: expect.stringContaining('it said `usage: ops`') as unknown });
  });

  it('says so when the program has gone', async () => {
    await expect(identifyOps(join(folder, 'none'))).rejects.toMatchObject({ code: 'PVM_MISSING_TOOL', hint: expect.stringContaining('ops.city') as unknown });
  });
});
