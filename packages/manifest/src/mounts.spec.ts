import { mountsForImage } from './index.js';

describe('mountsForImage', () => {
  it.each([
    { reason: 'the documented mount', mounts: { '%1': '/workspace' }, written: { '%0': '/workspace' } },
    { reason: 'as it will be', mounts: { '%0': '/workspace' }, written: { '%0': '/workspace' } },
    { reason: 'a folder of the host', mounts: { './ws': '/workspace' }, written: { '%0': '/workspace' } },
    { reason: 'in the order of bytes, as Go sorts', mounts: { '%2': '/c', '%10': '/b', ä: '/d', '%1': '/a:ro' }, written: { '%0': '/a:ro', '%1': '/b', '%2': '/c', '%3': '/d' } },
    { reason: 'no mounts', mounts: undefined, written: {} },
  ])('numbers for gevulot: $reason', ({ mounts, written }) => {
    expect([...mountsForImage({ Mounts: mounts }, 'gevulot')]).toEqual(Object.entries(written));
  });

  it('keeps the keys for nanos', () => {
    const mounts = { '%1': '/workspace', data: '/data' };
    expect([...mountsForImage({ Mounts: mounts }, 'nanos')]).toEqual(Object.entries(mounts));
  });

  it('leaves the manifest as it is', () => {
    const manifest = { Mounts: { '%2': '/b', '%1': '/a' } };
    mountsForImage(manifest, 'gevulot');
    expect(manifest).toEqual({ Mounts: { '%2': '/b', '%1': '/a' } });
  });
});
