import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type CargoConfig, flagWords, isCompilerCache, tableIn } from 'package-vm/build-key';
import { type Asked, askProgram } from './ask-program.js';
import type { FileDigests } from './file-digests.js';

/** A program that a variable, cargo's configuration or a flag names, with arguments perhaps, and without what before it only keeps what it makes. */
export interface NamedProgram {
  /** By what. */
  readonly name: string;
  readonly words: readonly string[];
  /** Where a relative path starts. */
  readonly folder: string;
}

// a target triple may follow, in small letters
const WRAPPER = /^(CARGO_BUILD_)?RUSTC(_WORKSPACE)?(_WRAPPER)?$/;
const TOOL = /^(((TARGET|HOST)_)?(CC|CXX|AR|LD|NM|RANLIB|NVCC|CMAKE)(_[a-z][\w.-]*)?|PROTOC|RUSTC_LINKER|CARGO_TARGET_.+_(LINKER|AR)|CLANG_PATH|LLVM_CONFIG_PATH)$/;

/** Programs that take the place of rustc or stand before it. */
export function wrappers({ cwd, env }: Asked, { sources }: CargoConfig): readonly NamedProgram[] {
  const ofBuild = sources.flatMap(({ folder, table }) => ['rustc', 'rustc-wrapper', 'rustc-workspace-wrapper'].map((key) => program(`build.${key}`, tableIn(table, 'build')[key], folder)));
  const ofEnvironment = Object.entries(env).map(([name, value]) => (WRAPPER.test(name) ? program(name, value, cwd) : []));
  return [...ofBuild, ...ofEnvironment].flat();
}

/** Compilers, linkers and other tools that are named; `texts` hold the flags that are in force and perhaps others. */
export function tools({ cwd, env }: Asked, { sources }: CargoConfig, texts: readonly string[]): readonly NamedProgram[] {
  const variables = sources.flatMap(({ folder, table }) => Object.entries(tableIn(table, 'env')).map(([name, value]) => ({ name, value, folder })));
  const linkers = sources.flatMap(({ folder, table }) => {
    const targets = tableIn(table, 'target');
    return Object.keys(targets).flatMap((target) => ['linker', 'ar'].flatMap((key) => program(`${target}.${key}`, tableIn(targets, target)[key], folder)));
  });
  const named = [...Object.entries(env).map(([name, value]) => ({ name, value, folder: cwd })), ...variables].filter(({ name }) => TOOL.test(name));
  const inFlags = texts.flatMap((text) => [...text.matchAll(/(\blinker=|-fuse-ld=)([^\s"',]+)/g)].flatMap(([, flag = '', word = '']) => program(flag, flag === 'linker=' || word.includes('/') ? word : `ld.${word}`, cwd)));
  return [...linkers, ...named.flatMap(({ name, value, folder }) => program(name, value, folder)), ...inFlags];
}

function program(name: string, value: unknown, folder: string): readonly NamedProgram[] {
  const text = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
  const words = Array.isArray(text) ? text.filter((word) => typeof word === 'string') : flagWords(typeof text === 'string' ? text : '');
  const first = words.findIndex((word) => !isCompilerCache(word));
  return first === -1 ? [] : [{ name, words: words.slice(first), folder }];
}

/** What a wrapper is: its content, since nobody knows what it would say of itself. */
export function wrapperIdentity({ name, words, folder }: NamedProgram, { env }: Asked, digests: FileDigests): string {
  const path = locate(words[0] ?? '', folder, env.PATH);
  // rustup's proxies are known by the compiler behind them
  const digest = path === undefined || basename(path).startsWith('rustup') ? '' : digests.of(path);
  return `${name} ${digest ?? ''}`;
}

/** What a tool is: what it says of itself, and for scripts their content too. */
export async function toolIdentity({ name, words, folder }: NamedProgram, asked: Asked, digests: FileDigests): Promise<string> {
  const located = words.map((word) => (word.startsWith('-') ? undefined : locate(word, folder, asked.env.PATH)));
  const scripts = located.flatMap((path) => (path !== undefined && isScript(path) ? [digests.of(path) ?? ''] : []));
  const version = located[0] === undefined ? 'not there' : await askProgram(located[0], [...words.slice(1), '--version'], asked);
  return [name, ...scripts, version ?? ''].join(' ');
}

/** The file behind a program's name or path, links followed. */
function locate(word: string, folder: string, searchPath = ''): string | undefined {
  const places = word.includes('/') ? [resolve(folder, word)] : searchPath.split(':').map((place) => join(place, word));
  const found = places.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
  return found === undefined ? undefined : realpathSync(found);
}

function isScript(path: string): boolean {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const start = Buffer.alloc(2);
    readSync(file, start, 0, 2, 0);
    return start.toString('latin1') === '#!';
  } catch {
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
