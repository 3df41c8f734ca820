// Lets a process of node's own run TypeScript sources: `node --import …/from-sources.mjs script`.
// For specs that need a second process, or one that is killed.
import { existsSync, readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url);

const packages = new URL('../../../../', import.meta.url);

export async function resolve(specifier, context, next) {
  const ours = /^@package-vm\/([a-z-]+)$/.exec(specifier);
  if (ours) return { url: new URL(`${ours[1]}/src/index.ts`, packages).href, shortCircuit: true };
  if (/^\.\.?\/.*\.js$/.test(specifier)) {
    const url = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(url)) return { url: url.href, shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const { transformSync } = await import('@swc/core');
  const options = { filename: fileURLToPath(url), swcrc: false, jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } };
  return { format: 'module', source: transformSync(readFileSync(new URL(url), 'utf8'), options).code, shortCircuit: true };
}
