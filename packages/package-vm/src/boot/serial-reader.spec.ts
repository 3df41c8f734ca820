import fc from 'fast-check';
import { SerialReader } from './serial-reader.js';

interface Taken {
  program: string;
  readonly kernel: string[];
}

function reader(): { readonly reader: SerialReader; readonly taken: Taken } {
  const taken: Taken = { program: '', kernel: [] };
  const sink = { program: (bytes: Uint8Array) => (taken.program += Buffer.from(bytes).toString('latin1')), kernel: (line: string) => taken.kernel.push(line) };
  return { reader: new SerialReader(sink), taken };
}

function take(...chunks: readonly string[]): Taken {
  const { reader: serial, taken } = reader();
  for (const chunk of chunks) serial.push(Buffer.from(chunk, 'latin1'));
  serial.end();
  return taken;
}

const CRASH = ['cpu: 1, context type: 2', 'lastvector: 000000000000000e (Page fault)', '      type: syscall', '', '    r9: ffffffffc01b0e20\t(check_vmap_permissions + 0000000000000000/000000000000001e)', '', 'frame trace:', 'ffffc00002637f50:   ffffffffc01a8b01\t(statfs + 0000000000000141/0000000000000154)'];
const SENSE = 'SCSI SENSE 70 00 07 00 00 00 00 0a 00 00 00 00 27 00 00 00 00 00: KEY 7, ASC/ASCQ 27/00';
const SHUTDOWN = '[0.742588] storage_shutdown error: status 2';
const NET = '[0.679609] NET: no network interface found';
// as Nanos 0.1.54 printed it, shortened
const DUMP = ['*** signal 6 received by tid 2, errno 0, code -6', '', '*** Thread context:', '   rip: 000000000041b73b', '', 'loaded klibs: ', '', 'stack trace:', '00000000ffd78ad0:   0000000000000000', '', '   core dump'];

describe('SerialReader', () => {
  it.each<{ reason: string; text: string; program: string; kernel: readonly string[] }>([
    { reason: 'stamped lines', text: `${NET}\nhello\n${SENSE}\n${SHUTDOWN}\n`, program: 'hello\n', kernel: [NET, SENSE, SHUTDOWN] },
    { reason: 'kernel lines right behind an unfinished one', text: `hello${SENSE}\n${SHUTDOWN}\n`, program: 'hello', kernel: [SENSE, SHUTDOWN] },
    { reason: 'a stamped line right behind an unfinished one', text: `hello${SHUTDOWN}\n`, program: 'hello', kernel: [SHUTDOWN] },
    { reason: 'empty lines of the program', text: `\n\na\n\n\nb\n\n${SHUTDOWN}\n`, program: '\n\na\n\n\nb\n\n', kernel: [SHUTDOWN] },
    { reason: 'a dump with the line feed before it', text: `a\n\n${DUMP.join('\n')}\n${SHUTDOWN}\n`, program: 'a\n', kernel: [...DUMP, SHUTDOWN] },
    { reason: 'a dump that is cut', text: `\n${DUMP.slice(0, 4).join('\n')}\n   rsp: 00`, program: '   rsp: 00', kernel: DUMP.slice(0, 4) },
    { reason: 'a dump after which the program goes on', text: `${DUMP.slice(0, 4).join('\n')}\nstep: 3\n\n`, program: 'step: 3\n\n', kernel: DUMP.slice(0, 4) },
    { reason: 'a crash of the kernel', text: `before\n\n${CRASH.join('\n')}\n`, program: 'before\n', kernel: CRASH },
    { reason: 'words of the boot loader, unless the kernel has spoken', text: `unable to open filesystem: x\n${NET}\nunable to open filesystem: y\n`, program: 'unable to open filesystem: y\n', kernel: ['unable to open filesystem: x', NET] },
    { reason: 'words of the starting kernel, unless the program has spoken', text: `${NET}\nprogram startup failed on exec: x\na\nprogram startup failed on exec: y\n`, program: 'a\nprogram startup failed on exec: y\n', kernel: [NET, 'program startup failed on exec: x'] },
    { reason: 'the stack before an assertion', text: '\nframe trace: \nffffc00002807c80:   ffffffffc7d96800\t(init)\n\nkernel load offset ffffffffc7aaa000\n\nloaded klibs: \n', program: '', kernel: ['frame trace: ', 'ffffc00002807c80:   ffffffffc7d96800\t(init)', 'kernel load offset ffffffffc7aaa000', 'loaded klibs: '] },
    { reason: 'a program that writes of times', text: '[1.5] step\n[12:00:01.123456] step\nat [0.123456] here\n', program: '[1.5] step\n[12:00:01.123456] step\nat [0.123456] here\n', kernel: [] },
    { reason: 'bytes that are no text', text: '\xff\x00\xfe\r\n\x80', program: '\xff\x00\xfe\r\n\x80', kernel: [] },
    { reason: 'a last line without an end', text: `a\n${SHUTDOWN}`, program: 'a\n', kernel: [SHUTDOWN] },
    { reason: 'nothing', text: '', program: '', kernel: [] },
  ])('takes apart $reason', ({ text, program, kernel }) => {
    expect(take(text)).toEqual({ program, kernel });
  });

  it('does not mind how the console is cut into pieces', () => {
    const text = `${NET}\nfirst\n\n\nsecond${SENSE}\n${SHUTDOWN}\n\n${DUMP.join('\n')}\n${SHUTDOWN}\nlast`;
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        expect(take(...places.slice(1).map((end, index) => text.slice(places[index], end)))).toEqual(take(text));
      }),
    );
  });

  it('loses no byte of a program', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), (chunks) => {
        const { reader: serial, taken } = reader();
        for (const chunk of chunks) {
          serial.push(chunk);
          serial.flush();
        }
        serial.end();
        fc.pre(taken.kernel.length === 0);
        expect(Buffer.from(taken.program, 'latin1').equals(Buffer.concat(chunks))).toBe(true);
      }),
    );
  });

  it('holds an unfinished line until it is flushed, and knows what follows it', () => {
    const { reader: serial, taken } = reader();
    serial.push(Buffer.from('half'));
    expect(taken.program).toBe('');
    serial.flush();
    expect(taken.program).toBe('half');
    serial.push(Buffer.from(`${SENSE}\n`));
    serial.push(Buffer.from('\n'));
    serial.end();
    expect(taken).toEqual({ program: 'half\n', kernel: [SENSE] });
  });

  it.each(['SCSI SENSE 70 0', '[0.7', '[0.742588] storage_shut', 'assertion x fai', 'cp'])('has patience with %j, and not for ever', (beginning) => {
    const { reader: serial, taken } = reader();
    serial.push(Buffer.from(beginning));
    expect([serial.flush(), taken.program]).toEqual([true, '']);
    serial.flushAll();
    expect([serial.flush(), taken.program]).toEqual([false, beginning]);
  });

  it.each(['[=====>   ] 50%', 'name? ', '[1.5 of 3] '])('has none with %j', (beginning) => {
    const { reader: serial, taken } = reader();
    serial.push(Buffer.from(beginning));
    expect([serial.flush(), taken.program]).toEqual([false, beginning]);
  });

  it('holds one empty line, however many there are', () => {
    const { reader: serial, taken } = reader();
    serial.push(Buffer.from('\n'.repeat(100_000)));
    expect(taken.program).toHaveLength(99_999);
    serial.flush();
    expect(taken.program).toHaveLength(100_000);
  });

  it('does not take the end of a flushed line for an empty one', () => {
    const { reader: serial, taken } = reader();
    serial.push(Buffer.from('half'));
    serial.flush();
    serial.push(Buffer.from(`\n\n${DUMP.join('\n')}\n`));
    serial.end();
    expect(taken.program).toBe('half\n');
  });

  it('passes on a line that is too long to hold', () => {
    const { reader: serial, taken } = reader();
    serial.push(Buffer.alloc(4097, 'x'));
    expect(taken.program).toHaveLength(4097);
  });

  it('takes megabytes apart in no time', () => {
    const { reader: serial, taken } = reader();
    const megabyte = Buffer.from('x'.repeat(63).concat('\n').repeat(16 * 1024));
    for (let count = 0; count < 8; count++) serial.push(megabyte);
    serial.end();
    expect(taken.program).toHaveLength(8 * megabyte.length);
  });
});
