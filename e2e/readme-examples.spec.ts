import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');
const EXAMPLES = readdirSync(join(root, 'packages')).flatMap((name) => {
  const blocks = readFileSync(join(root, 'packages', name, 'README.md'), 'utf8').matchAll(/^```(?:ts|js)\n(.*?)^```/gms);
  return Array.from(blocks, ([, code = ''], index) => ({ name: `${name}-${index}`, code }));
});

describe('the examples of the READMEs', () => {
  let folder: string;
  beforeAll(() => {
    // from here `package-vm` and its like are what was built
    const cache = join(root, 'node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(join(cache, 'readme-examples-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('fit the packages', () => {
    expect(EXAMPLES.length).toBeGreaterThan(5);
    const files = EXAMPLES.map(({ name, code }) => {
      const path = join(folder, `${name}.mts`);
      // a module, so that it may wait
      writeFileSync(path, `${code}export {};\n`);
      return path;
    });
    const options = { strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: ['node'], skipLibCheck: true };
    const program = ts.createProgram(files, options);
    const mistakes = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => `${file?.fileName.slice(folder.length + 1) ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
    expect(mistakes).toEqual([]);
  });
});
