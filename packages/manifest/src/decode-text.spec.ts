import { decodeText } from './decode-text.js';
import { parseManifest } from './parse-manifest.js';

const bytes = (text: string, encoding: BufferEncoding = 'utf8'): Buffer => Buffer.from(text, encoding);

describe('decodeText', () => {
  it.each([
    { reason: 'UTF-8', input: bytes('{ "é": "😀" }'), text: '{ "é": "😀" }', problem: undefined, isLossless: true },
    { reason: 'a byte order mark', input: bytes('\uFEFF{}'), text: '\uFEFF{}', problem: undefined, isLossless: true },
    { reason: 'a replacement character that is written', input: bytes('"\uFFFD"'), text: '"\uFFFD"', problem: undefined, isLossless: true },
    { reason: 'Latin-1', input: bytes('"\xE9"', 'latin1'), text: '"\uFFFD"', problem: { start: 1, end: 2, problem: 'Expected UTF-8, found the byte 0xe9' }, isLossless: false },
    { reason: 'Latin-1 behind replacement characters', input: Buffer.concat([bytes('"\uFFFDé\uFFFD'), Buffer.from([0x80]), bytes('"')]), text: '"\uFFFDé\uFFFD\uFFFD"', problem: { start: 4, problem: 'Expected UTF-8, found the byte 0x80' }, isLossless: false },
    { reason: 'a character cut short', input: Buffer.from([0x22, 0xef, 0xbf]), text: '"\uFFFD', problem: { start: 1, problem: 'Expected UTF-8, found the byte 0xef' }, isLossless: false },
    { reason: 'UTF-16', input: bytes('\uFEFF{}', 'utf16le'), text: '{}', problem: { start: 0, end: 0, problem: 'Expected UTF-8, found UTF-16' }, isLossless: true },
    { reason: 'UTF-16, big end first', input: bytes('\uFEFF{}', 'utf16le').swap16(), text: '{}', problem: { problem: 'Expected UTF-8, found UTF-16' }, isLossless: true },
    { reason: 'UTF-16 cut short', input: bytes('\uFEFF{}', 'utf16le').subarray(0, -1), text: '\uFFFD\uFFFD{\0}', problem: { start: 0, problem: 'Expected UTF-8, found the byte 0xff' }, isLossless: false },
    { reason: 'half of a pair in UTF-16', input: bytes('\uFEFF\uD800', 'utf16le'), text: '\uFFFD', problem: { problem: 'Expected UTF-8, found UTF-16' }, isLossless: false },
  ])('reads $reason', ({ input, text, problem, isLossless }) => {
    const decoded = decodeText(input);
    expect(decoded).toMatchObject({ text, isLossless });
    if (problem === undefined) expect(decoded.problem).toBeUndefined();
    else expect(decoded.problem).toMatchObject(problem);
  });
});

describe('parseManifest of bytes', () => {
  it('tells where they are no UTF-8, and what else is wrong', () => {
    const { findings, manifest } = parseManifest(bytes('{\n  "Program": "caf\xE9",\n  "files": []\n}', 'latin1'), { file: 'vm.json' });
    expect(findings.map(({ code, place: { line, column } }) => [code, line, column])).toEqual([['syntax', 2, 18], ['unknown-key', 3, 3]]);
    expect(findings[0]).toMatchObject({ message: 'Expected UTF-8, found the byte 0xe9', hint: 'Save the file as UTF-8.' });
    expect(findings[0]).not.toHaveProperty('fix');
    expect(manifest).toMatchObject({ Files: [] });
  });

  it('counts columns without a byte order mark', () => {
    const { findings } = parseManifest(Buffer.concat([bytes('\uFEFF{"'), Buffer.from([0xe9]), bytes('":""}')]), { file: 'vm.json' });
    expect(findings.find(({ message }) => message.includes('0xe9'))?.place).toMatchObject({ line: 1, column: 3 });
  });

  it('reads UTF-16, and says that it should not be', () => {
    expect(parseManifest(bytes('\uFEFF{ "files": [] }', 'utf16le'), { file: 'vm.json' }).findings.map(({ message }) => message)).toEqual(['Expected UTF-8, found UTF-16', '`files` is not a known key']);
  });

  it('does not decode what is too large', () => {
    expect(parseManifest(Buffer.alloc(2 ** 21, 0xff), { file: 'vm.json' }).findings).toMatchObject([{ code: 'too-large', message: expect.stringContaining('2097152') as unknown }]);
  });
});
