import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readResources } from './read-resources.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-resources-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('readResources', () => {
  it.each([
    { reason: 'what the result file asks for', text: '{"resources":{"cpus":4,"memoryMiB":512}}', expected: { cpus: 4, memoryMiB: 512 } },
    { reason: 'nothing of what is no count', text: '{"resources":{"cpus":0,"memoryMiB":"512"}}', expected: {} },
    { reason: 'nothing of null', text: 'null', expected: {} },
    { reason: 'nothing of no JSON', text: '{', expected: {} },
  ])('gives $reason', ({ text, expected }) => {
    writeFileSync(join(folder, 'a.img.json'), text);
    expect(readResources(join(folder, 'a.img'))).toEqual(expected);
  });

  it('gives nothing where there is no result file, or a folder', () => {
    expect(readResources(join(folder, 'a.img'))).toEqual({});
    mkdirSync(join(folder, 'a.img.json'));
    expect(readResources(join(folder, 'a.img'))).toEqual({});
  });
});
