/** A boot loader that is none: a first sector with signature and boot region, then a second stage of 0xee. */
export function fakeBootLoader({ stage2Bytes = 1024 } = {}): Uint8Array {
  const bytes = new Uint8Array(512 + stage2Bytes).fill(0xee, 512);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(426, 0x8000n, true);
  view.setBigUint64(434, BigInt(stage2Bytes), true);
  view.setUint32(442, 12, true);
  view.setUint16(510, 0xaa55, true);
  return bytes;
}
