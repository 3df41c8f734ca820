import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import type Picomatch from 'picomatch';

const MAX_LISTING_BYTES = 256 * 1024 * 1024;

/**
 * The files behind the nodes of an Nx hash: `workspace:[{workspaceRoot}/a,…]` and `<project>:<pattern>,…`. Nx takes what git knows
 * and does not ignore; without git there are none.
 */
export function filesOfNodes(nodes: readonly string[], workspaceRoot: string): readonly string[] {
  const matchers = nodes.flatMap(patternsOf).map(matcher);
  if (matchers.length === 0) return [];
  return listed(workspaceRoot).filter((path) => matchers.some((matches) => matches(path)));
}

/** The patterns of a node that stands for files, relative to the Nx workspace. */
function patternsOf(node: string): (readonly string[])[] {
  const list = /^workspace:\[(.*)\]$/.exec(node)?.[1] ?? /^[^:*]+:([^:]*[/*].*)$/.exec(node)?.[1];
  const isOther = /^(npm|env|runtime):/.test(node);
  // commas within braces belong to a pattern
  return list === undefined || isOther ? [] : [list.split(/,(?![^{]*\})/).map((pattern) => pattern.replace('{workspaceRoot}/', ''))];
}

function matcher(patterns: readonly string[]): (path: string) => boolean {
  const picomatch = createRequire(import.meta.url)('picomatch') as typeof Picomatch;
  const isPattern = (text: string): boolean => /[*?[\]{}()!]/.test(text);
  const [left, taken] = [patterns.filter((pattern) => pattern.startsWith('!')), patterns.filter((pattern) => !pattern.startsWith('!'))];
  const files = new Set(taken.filter((pattern) => !isPattern(pattern)));
  const matches = picomatch(taken.filter(isPattern), { dot: true });
  const isLeft = picomatch(left.map((pattern) => pattern.slice(1)), { dot: true });
  return (path) => (files.has(path) || matches(path)) && !isLeft(path);
}

function listed(workspaceRoot: string): readonly string[] {
  try {
    const text = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: workspaceRoot, encoding: 'utf8', maxBuffer: MAX_LISTING_BYTES, stdio: ['ignore', 'pipe', 'ignore'] });
    return [...new Set(text.split('\0'))].filter((path) => path !== '');
  } catch {
    return [];
  }
}
