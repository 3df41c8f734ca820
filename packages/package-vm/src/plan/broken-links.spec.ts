import { brokenLinks } from './broken-links.js';
import { type PlannedEntry } from './plan.js';
import { literalFile } from './system-files.js';

const link = (path: string, target: string): PlannedEntry => ({ kind: 'link', path, target });
const tree: readonly PlannedEntry[] = [literalFile('/a/file', ''), { kind: 'directory', path: '/a' }, { kind: 'directory', path: '/workspace' }, link('/a/self', 'file')];

describe('brokenLinks', () => {
  it.each([
    { reason: 'a neighbour', entry: link('/a/x', 'file') },
    { reason: 'a path upwards', entry: link('/a/x', '../a/file') },
    { reason: 'an absolute path', entry: link('/x', '/a/file') },
    { reason: 'another link', entry: link('/x', 'a/self') },
    { reason: 'a folder', entry: link('/x', 'a/.') },
    { reason: 'the root', entry: link('/x', '/') },
    { reason: 'what is mounted later', entry: link('/x', '/workspace/proof') },
    { reason: 'what the kernel makes', entry: link('/x', '/dev/null') },
  ])('follows a link to $reason', ({ entry }) => {
    expect(brokenLinks([...tree, entry], ['/workspace'])).toEqual([]);
  });

  it.each([
    { reason: 'nothing', entry: link('/a/x', 'none') },
    { reason: 'a host path', entry: link('/x', '/usr/lib/libm.so.6') },
    { reason: 'below a file', entry: link('/x', 'a/file/below') },
    { reason: 'itself', entry: link('/x', 'x') },
    { reason: 'below what the kernel makes', entry: link('/x', '/dev/none') },
  ])('tells of a link to $reason', ({ entry }) => {
    expect(brokenLinks([...tree, entry], ['/workspace'])).toEqual([expect.objectContaining({ path: entry.path })]);
  });
});
