import { outputFolder } from './output-folder.js';

describe('outputFolder', () => {
  it.each([
    { reason: 'of a program', output: { projectRoot: 'crates/prover', program: 'prover' }, folder: 'dist/package-vm/crates/prover/prover' },
    { reason: 'of a crate that is the Nx workspace', output: { projectRoot: '.', program: 'prover' }, folder: 'dist/package-vm/prover' },
    { reason: 'of a variant, not within the program’s own', output: { projectRoot: 'crates/prover', program: 'prover', variant: 'debug' }, folder: 'dist/package-vm/crates/prover/prover@debug' },
  ])('is the one $reason', ({ output, folder }) => {
    expect(outputFolder(output)).toBe(folder);
  });
});
