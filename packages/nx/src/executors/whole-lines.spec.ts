import { WholeLines } from './whole-lines.js';

describe('WholeLines', () => {
  it('writes pieces on once their line is whole, and the rest at the end', () => {
    const written: string[] = [];
    const lines = new WholeLines((text) => written.push(text));
    for (const piece of ['Comp', 'iling a\nCompiling b\nFin', 'ished']) lines.add(piece);
    expect(written).toEqual(['Compiling a\nCompiling b\n']);
    lines.end();
    lines.end();
    expect(written.slice(1)).toEqual(['Finished\n']);
  });
});
