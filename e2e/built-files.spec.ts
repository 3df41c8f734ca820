import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';

const packages = join(import.meta.dirname, '../packages');
const PACKAGES = readdirSync(packages);

/** The specifiers of a package's built imports. */
function imports(name: string, pattern: RegExp): readonly string[] {
  const folder = join(packages, name, 'dist');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'));
  expect(files).not.toEqual([]);
  return files.flatMap((path) => Array.from(readFileSync(join(folder, path), 'utf8').matchAll(pattern), ([, specifier = '']) => specifier));
}

describe.each(PACKAGES)('the built files of %s', (name) => {
  it('load nothing later whose path the next build changes: a daemon that was there before would not find it', () => {
    expect(imports(name, /\bimport\("([^"]+)"\)/g).filter((specifier) => specifier.includes('chunks/'))).toEqual([]);
  });

  it('import no package that is not declared', () => {
    const { name: own, dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')) as Readonly<Record<string, never>>;
    const declared = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies), ...builtinModules, own]);
    const named = imports(name, /(?:^import |^\} from |\bimport\(|^import [^"]* from )"([^".][^"]*)"/gm).map((specifier) => specifier.replace(/^node:/, ''));
    const foreign = named.map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
    expect(foreign.length > 0).toBe(Object.keys(dependencies).length > 0);
    expect([...new Set(foreign)].filter((specifier) => !declared.has(specifier))).toEqual([]);
  });
});
