/**
 * A program of nothing but an ELF header, for x86-64 and without libraries. ops runs the program it is given to learn its libraries
 * (ops lepton/ldd_linux.go, getSharedLibs) and adds those of this machine; the plan has them already, so it is given this one, and the real
 * program takes its place in the image.
 */
export function decoyProgram(): Uint8Array {
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  // magic, 64 bits, little-endian, version 1
  for (const [at, byte] of [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1].entries()) header.setUint8(at, byte);
  header.setUint16(16, EXECUTABLE, true);
  header.setUint16(18, X86_64, true);
  header.setUint32(20, 1, true);
  header.setUint16(52, HEADER_BYTES, true);
  header.setUint16(54, PROGRAM_HEADER_BYTES, true);
  header.setUint16(58, SECTION_HEADER_BYTES, true);
  return new Uint8Array(header.buffer);
}

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const SECTION_HEADER_BYTES = 64;
const EXECUTABLE = 2;
const X86_64 = 62;
