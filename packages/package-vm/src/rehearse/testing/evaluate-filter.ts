/** A system call as a filter sees it. */
export interface Call {
  readonly number: number;
  readonly arguments?: readonly number[];
  /** AUDIT_ARCH_…; default x86-64. */
  readonly architecture?: number;
}

/** Runs a classic BPF program of loads, two kinds of test, and returns, as the kernel does; gives what it returns. */
export function evaluateFilter(program: Uint8Array, call: Call): number {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, call.number, true);
  data.setUint32(4, call.architecture ?? 0xc000003e, true);
  (call.arguments ?? []).forEach((value, index) => {
    data.setUint32(16 + 8 * index, value, true);
  });
  let accumulator = 0;
  for (let at = 0; at < program.length / 8; at++) {
    const code = view.getUint16(8 * at, true);
    const [yes, no] = [view.getUint8(8 * at + 2), view.getUint8(8 * at + 3)];
    const value = view.getUint32(8 * at + 4, true);
    if (code === 0x20) accumulator = data.getUint32(value, true);
    else if (code === 0x15) at += accumulator === value ? yes : no;
    else if (code === 0x45) at += (accumulator & value) === 0 ? no : yes;
    else if (code === 0x06) return value;
    else throw new Error(`instruction ${at} has the code ${code}`);
  }
  throw new Error('the program ends without a result');
}
