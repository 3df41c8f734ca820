import { createHash } from 'node:crypto';
import { type FileSystem, openImage } from './index.js';
import { BytesSource } from './testing/bytes-source.js';
import { GOLDEN_CASES, goldenBytes, goldenDecoded, type GoldenEntry, tupleOf } from './testing/golden.js';

describe('openImage', () => {
  it.each(GOLDEN_CASES)('reads what ops and the kernel wrote: %s', (name) => {
    const expected = goldenDecoded(name);
    const { root, mbr } = openImage(new BytesSource(goldenBytes(name)));
    expect(mbr).toBeUndefined();
    expect({ uuid: root.uuid.replaceAll('-', ''), label: root.label, logExtensions: root.logExtensions }).toEqual({
      uuid: expected.uuid,
      label: expected.label,
      logExtensions: expected.logExtensions,
    });
    expect(root.attributes).toEqual(tupleOf(expected.root));
    expect(listing(root)).toEqual(expected.entries);
  });
});

function listing(fileSystem: FileSystem): GoldenEntry[] {
  return fileSystem.entries.map((entry) => {
    if (entry.kind !== 'file') return entry;
    const hash = createHash('sha256');
    for (const chunk of fileSystem.readFile(entry.path)) hash.update(chunk);
    return { path: entry.path, kind: 'file', size: entry.sizeBytes, sha256: hash.digest('hex') };
  });
}
