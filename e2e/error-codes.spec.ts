import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodes } from '../packages/errors/src/index.js';

const root = join(import.meta.dirname, '..');
const specs = ['packages', 'e2e']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(root, folder, path)))
  .filter((path) => path.endsWith('.spec.ts') && !path.includes('node_modules') && !path.endsWith('error-codes.spec.ts'));
const text = specs.map((path) => readFileSync(path, 'utf8')).join('\n');

it.each(Object.keys(errorCodes))('%s is reached by a test', (code) => {
  // not `toContain`: a failure would print every spec
  expect(text.includes(code)).toBe(true);
});
