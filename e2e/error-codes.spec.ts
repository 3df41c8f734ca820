import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodes } from '../packages/errors/src/index.js';

const root = join(import.meta.dirname, '..');
const specs = ['packages', 'e2e']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(root, folder, path)))
  .filter((path) => path.endsWith('.spec.ts') && !path.includes('node_modules') && !path.endsWith('error-codes.spec.ts'));
/** What specs expect, line by line: neither comments nor what only sets up. */
const expectations = specs.flatMap((path) => readFileSync(path, 'utf8').split('\n')).filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line) && /expect|code\b|refus|throw|error|to[A-Z]\w+\(/i.test(line));

it.each(Object.keys(errorCodes))('%s is reached by a test', (code) => {
  // not `toContain`: a failure would print every line
  expect(expectations.some((line) => line.includes(code))).toBe(true);
});
