import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** For each cargo workspace, its members by folder, with their path dependencies as `<kind> <folder>`; sorted. */
export type Answer = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export interface CrateTree {
  /** What is special about it. */
  readonly reason: string;
  /** The text of each `Cargo.toml`, by folder. */
  readonly manifests: Readonly<Record<string, string>>;
  /** What `cargo metadata` answers; e2e/crate-graph.spec.ts asks it again. Edges of kind `patch` come from its resolved graph. */
  readonly answer: Answer;
}

/** A package's manifest, with what follows `[package]`. */
export function crate(name: string, rest = ''): string {
  return `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n${rest}\n`;
}

const workspace = (members: string, rest = ''): string => `[workspace]\nresolver = "2"\nmembers = ${members}\n${rest}\n`;
const needs = (lines: string, section = 'dependencies'): string => `[${section}]\n${lines}`;

export const crateTrees: readonly CrateTree[] = [
  {
    reason: 'every kind of dependency, for every target',
    manifests: {
      '.': workspace('["crates/*"]'),
      'crates/a': crate('a', [
        needs('b = { path = "../b" }'),
        needs('c = { path = "../c" }', 'build-dependencies'),
        needs('d = { path = "../d" }', 'dev-dependencies'),
        needs('e = { path = "../e" }', 'target."cfg(unix)".dependencies'),
        needs('f = { path = "../f" }', 'target.x86_64-unknown-linux-gnu.build-dependencies'),
      ].join('\n')),
      'crates/b': crate('b'), 'crates/c': crate('c'), 'crates/d': crate('d'), 'crates/e': crate('e'), 'crates/f': crate('f'),
    },
    answer: {
      '.': {
        'crates/a': ['build crates/c', 'build crates/f', 'dev crates/d', 'normal crates/b', 'normal crates/e'],
        'crates/b': [], 'crates/c': [], 'crates/d': [], 'crates/e': [], 'crates/f': [],
      },
    },
  },
  {
    reason: 'dependencies inherited from the workspace, whose paths start at its root, one renamed',
    manifests: {
      '.': workspace('["apps/prover", "libs/*"]', needs('shared = { path = "libs/shared" }\nother = { path = "libs/field", package = "field" }', 'workspace.dependencies')),
      'apps/prover': crate('prover', needs('shared = { workspace = true, features = [] }\nother.workspace = true')),
      'libs/shared': crate('shared', needs('again = { package = "field", path = "../field" }', 'build-dependencies')),
      'libs/field': crate('field'),
    },
    answer: {
      '.': { 'apps/prover': ['normal libs/field', 'normal libs/shared'], 'libs/field': [], 'libs/shared': ['build libs/field'] },
    },
  },
  {
    reason: 'globs: a set, a question mark, a double star, an excluded one',
    manifests: {
      '.': workspace('["crates/[ab]*", "tools/?", "deep/**/z"]', 'exclude = ["crates/bad"]'),
      'crates/alpha': crate('alpha'), 'crates/bad': crate('bad'), 'crates/beta': crate('beta'), 'crates/gamma': crate('gamma'),
      'tools/t': crate('t'), 'tools/tt': crate('tt'),
      'deep/x': crate('x'), 'deep/x/z': crate('z1'), 'deep/y/y/z': crate('z2'),
    },
    answer: { '.': { 'crates/alpha': [], 'crates/beta': [], 'deep/x/z': [], 'deep/y/y/z': [], 'tools/t': [] } },
  },
  {
    reason: 'a root package, whose path dependencies below it are members without being listed; a stray crate is not',
    manifests: {
      '.': crate('root', `[workspace]\n${needs('near = { path = "near" }')}\n${needs('tested = { path = "tested" }', 'dev-dependencies')}`),
      near: crate('near', needs('far = { path = "../far" }')),
      far: crate('far'), tested: crate('tested'), stray: crate('stray'),
    },
    answer: { '.': { '.': ['dev tested', 'normal near'], far: [], near: ['normal far'], tested: [] } },
  },
  {
    reason: 'several workspaces in one tree, one below the other and excluded, with a path from one to the other',
    manifests: {
      one: workspace('["a", "b"]', 'exclude = ["inner"]'),
      'one/a': crate('a', needs('inner = { path = "../inner/lib" }')),
      'one/b': crate('b'),
      'one/inner': workspace('["lib", "tool"]'),
      'one/inner/lib': crate('inner'),
      'one/inner/tool': crate('tool', needs('shared = { path = "../../../two" }')),
      two: crate('shared', '[workspace]'),
    },
    answer: {
      one: { 'one/a': ['normal one/inner/lib'], 'one/b': [] },
      'one/inner': { 'one/inner/lib': [], 'one/inner/tool': ['normal two'] },
      two: { two: [] },
    },
  },
  {
    reason: 'a member outside the root, which points to its workspace',
    manifests: {
      root: workspace('["../elsewhere/a"]'),
      'elsewhere/a': crate('a', `workspace = "../../root"\n${needs('b = { path = "../b" }')}`),
      'elsewhere/b': crate('b', 'workspace = "../../root"'),
    },
    answer: { root: { 'elsewhere/a': ['normal elsewhere/b'], 'elsewhere/b': [] } },
  },
  {
    reason: 'an explicit member below an excluded folder',
    manifests: {
      '.': workspace('["vendor/kept"]', 'exclude = ["vendor"]'),
      'vendor/kept': crate('kept'), 'vendor/dropped': crate('dropped'),
    },
    answer: { '.': { 'vendor/kept': [] } },
  },
  {
    reason: 'a patched package, which a crate without dependencies does not reach',
    manifests: {
      '.': workspace('["app", "bare"]', '[patch.crates-io]\nfield = { path = "patched/field" }'),
      app: crate('app', needs('field = "0.1"')),
      bare: crate('bare'),
      'patched/field': crate('field'),
    },
    answer: { '.': { app: ['patch patched/field'], bare: [] } },
  },
];

/** Lays a tree down in a new temporary folder, with the sources that cargo asks for. */
export function layDown(manifests: CrateTree['manifests']): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'crate-graph-')));
  for (const [folder, text] of Object.entries(manifests)) {
    const path = join(root, folder, 'Cargo.toml');
    mkdirSync(join(dirname(path), 'src'), { recursive: true });
    writeFileSync(path, text);
    writeFileSync(join(root, folder, 'src/lib.rs'), '');
  }
  return root;
}
