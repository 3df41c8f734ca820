import { sourceFrame } from './source-frame.js';

const plain = { dim: (text: string) => text, mark: (text: string) => text };
const place = (line: number, column: number, endColumn: number, endLine = line) => ({ file: 'vm.json', line, column, endLine, endColumn });

describe('sourceFrame', () => {
  it('shows the line, the one before it, and the place underlined', () => {
    expect(sourceFrame('{\n  "files": []\n}', place(2, 3, 10), plain)).toEqual(['  1 │ {', '  2 │   "files": []', '    │   ^^^^^^^']);
  });

  it.each([
    { reason: 'the end of a file', text: '{', place: place(1, 2, 2), frame: ['  1 │ {', '    │  ^'] },
    { reason: 'several lines', text: '{ "a": [\n1\n] }', place: place(1, 8, 2, 3), frame: ['  1 │ { "a": [', '    │        ^'] },
    { reason: 'tabs', text: '\t"a"', place: place(1, 2, 5), frame: ['  1 │  "a"', '    │  ^^^'] },
    { reason: 'an emoji before it', text: '"😀" x', place: place(1, 6, 7), frame: ['  1 │ "😀" x', '    │      ^'] },
    { reason: 'wide characters before it', text: '"日本" x', place: place(1, 6, 7), frame: ['  1 │ "日本" x', '    │        ^'] },
    { reason: 'escape sequences', text: '"\u001B[31m" x', place: place(1, 9, 10), frame: ['  1 │ "·[31m" x', '    │         ^'] },
    { reason: 'a byte order mark', text: '\uFEFF{}', place: place(1, 1, 2), frame: ['  1 │ {}', '    │ ^'] },
    { reason: 'a line that is not there', text: '{}', place: place(7, 1, 2), frame: [] },
    { reason: 'no line', text: '{}', place: { file: 'vm.json' }, frame: [] },
  ])('is right with $reason', ({ text, place: where, frame }) => {
    expect(sourceFrame(text, where, plain)).toEqual(frame);
  });

  it('cuts long lines around the place', () => {
    const [line = '', mark = ''] = sourceFrame(`${'x'.repeat(10_000)}HERE${'y'.repeat(10_000)}`, place(1, 10_001, 10_005), plain);
    expect(line.length).toBeLessThan(120);
    expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('HERE');
  });
});
