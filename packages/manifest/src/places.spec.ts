import { parseManifest } from './index.js';
import { Places } from './places.js';

describe('Places', () => {
  it.each([
    { reason: 'the start', text: 'ab', offset: 0, line: 1, column: 1 },
    { reason: 'the line feed itself', text: 'a\nb', offset: 1, line: 1, column: 2 },
    { reason: 'after LF', text: 'a\nb', offset: 2, line: 2, column: 1 },
    { reason: 'after CR LF, one line', text: 'a\r\nb', offset: 3, line: 2, column: 1 },
    { reason: 'after CR', text: 'a\rb', offset: 2, line: 2, column: 1 },
    { reason: 'the end', text: 'a\n\n', offset: 3, line: 3, column: 1 },
    { reason: 'after an emoji, two units as in editors', text: '"😀" x', offset: 5, line: 1, column: 6 },
  ])('counts from 1: $reason', ({ text, offset, line, column }) => {
    expect(new Places(text, 'f').at(offset)).toEqual({ file: 'f', line, column, endLine: line, endColumn: column });
  });

  it('do not count a byte order mark', () => {
    expect(parseManifest('\uFEFF{ "files": [] }', { file: 'f' }).findings[1]?.place).toMatchObject({ line: 1, column: 3, endColumn: 10 });
  });
});
