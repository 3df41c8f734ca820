import { chmodSync, lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from './replace-file.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-file-'));
  path = join(folder, 'vm.json');
  writeFileSync(path, 'old');
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true });
});

const old = Buffer.from('old');
const failsWith = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('replaceFile', () => {
  it('puts the text in place, with the mode that the file had, and leaves nothing beside it', () => {
    chmodSync(path, 0o640);
    replaceFile(path, { expected: old, text: 'new' });
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['vm.json']);
  });

  it('follows a link, which stays one', () => {
    symlinkSync('vm.json', join(folder, 'link'));
    replaceFile(join(folder, 'link'), { expected: old, text: 'new' });
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('leaves a file that was changed meanwhile', () => {
    expect(() => {
      replaceFile(path, { expected: Buffer.from('older'), text: 'new' });
    }).toThrow(failsWith('PVM_FILE_CHANGED'));
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('tells bytes apart that are no UTF-8', () => {
    writeFileSync(path, Buffer.from([0xff]));
    expect(() => {
      replaceFile(path, { expected: Buffer.from('\uFFFD'), text: 'new' });
    }).toThrow(failsWith('PVM_FILE_CHANGED'));
    expect([...readFileSync(path)]).toEqual([0xff]);
  });

  it('leaves a file that is protected against writing', () => {
    chmodSync(path, 0o444);
    expect(() => {
      replaceFile(path, { expected: old, text: 'new' });
    }).toThrow(failsWith('PVM_WRITE_FAILED'));
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(statSync(path).mode & 0o777).toBe(0o444);
  });

  it('leaves the file when nothing can be written beside it, and what stands in the way', () => {
    const inTheWay = `.package-vm-${process.pid}.tmp`;
    writeFileSync(join(folder, inTheWay), 'of another');
    expect(() => {
      replaceFile(path, { expected: old, text: 'new' });
    }).toThrow(failsWith('PVM_WRITE_FAILED'));
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder).sort()).toEqual([inTheWay, 'vm.json']);
  });
});
