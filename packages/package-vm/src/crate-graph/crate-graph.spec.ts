import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Crate, type CrateGraph, reachableCrates, readCrateGraph } from './crate-graph.js';
import { type Answer, type CrateTree, crate, crateTrees, layDown } from './testing/crate-trees.js';

const made: string[] = [];

function readTree(manifests: CrateTree['manifests'], seeds = Object.keys(manifests)): { root: string; graph: CrateGraph } {
  const root = layDown(manifests);
  made.push(root);
  return { root, graph: readCrateGraph(seeds.map((folder) => join(root, folder, 'Cargo.toml'))) };
}

function fromRoot(root: string, folder: string): string {
  return relative(root, folder) || '.';
}

function members(root: string, graph: CrateGraph): Answer {
  const answer: Record<string, Record<string, string[]>> = {};
  for (const { folder, workspaceFolder, dependencies } of graph.crates.values()) {
    if (workspaceFolder === undefined) continue;
    (answer[fromRoot(root, workspaceFolder)] ??= {})[fromRoot(root, folder)] = dependencies
      .map((dependency) => `${dependency.kind} ${fromRoot(root, dependency.folder)}`)
      .sort();
  }
  return answer;
}

function names(crates: Iterable<Crate>): readonly string[] {
  return [...crates].map(({ name }) => name);
}

describe('readCrateGraph', () => {
  afterAll(() => {
    for (const root of made) rmSync(root, { recursive: true });
  });

  it.each(crateTrees)('agrees with cargo about $reason', ({ manifests, answer }) => {
    const { root, graph } = readTree(manifests);
    expect(members(root, graph)).toEqual(answer);
    expect(graph.problems).toEqual([]);
  });

  it('finds the members of a workspace, and what they reach, from its root alone', () => {
    const { graph } = readTree(
      { ws: '[workspace]\nmembers = ["a"]', 'ws/a': crate('a', '[dependencies]\nb = { path = "../../b" }'), b: crate('b'), c: crate('c') },
      ['ws'],
    );
    expect(names(graph.crates.values())).toEqual(['b', 'a']);
  });

  it('keeps the settings as they stand', () => {
    const { root, graph } = readTree({ a: crate('a', '[package.metadata.package-vm]\nmanifest = "run.json"') });
    expect(graph.crates.get(join(root, 'a'))?.settings).toEqual({ manifest: 'run.json' });
  });

  it('takes the closure of chosen kinds', () => {
    const tree = crateTrees[0];
    const { root, graph } = readTree(tree?.manifests ?? {});
    expect(names(reachableCrates(graph, [join(root, 'crates/a')], ['normal', 'build']))).toEqual(['a', 'b', 'c', 'e', 'f']);
  });

  it.each([
    { reason: 'a value that is missing', text: '[package]\nname = "half"\nversion = \n\n[dependencies]\nok = { path = "../ok" }', name: 'half', reached: true, line: 3 },
    { reason: 'a string that does not end', text: '[package]\nname = "half"\n[dependencies]\nserde = "1\nok = { path = "../ok" }\n', name: 'half', reached: true, line: 4 },
    { reason: 'a header that does not end', text: '[package]\nname = "half"\n[dependencies]\nok = { path = "../ok" }\n[dev-dep', name: 'half', reached: true, line: 5 },
    { reason: 'a list that does not end', text: '[package]\nname = "half"\nauthors = ["a",\n[dependencies]\nok = { path = "../ok" }', name: 'half', reached: true, line: 4 },
    { reason: 'nothing but a start', text: '[pack', name: 'half-typed', reached: false, line: 1 },
    { reason: 'values of other types', text: 'package = 1\ndependencies = []\ntarget = "x"', name: 'half-typed', reached: false, line: undefined },
  ])('keeps a crate with $reason, and says where', ({ text, name, reached, line }) => {
    const { root, graph } = readTree({ '.': '[workspace]\nmembers = ["half-typed", "ok"]', 'half-typed': text, ok: crate('ok') });
    const broken = graph.crates.get(join(root, 'half-typed'));
    expect(broken).toMatchObject({ name, workspaceFolder: root });
    expect(broken?.dependencies.map((dependency) => dependency.name)).toEqual(reached ? ['ok'] : []);
    expect(graph.crates.get(join(root, 'ok'))).toMatchObject({ workspaceFolder: root });
    expect(graph.problems.map((problem) => problem.line)).toEqual(line === undefined ? [] : [line]);
  });

  it('names a listed member that is not there', () => {
    const { graph } = readTree({ '.': '[workspace]\nmembers = ["gone", "a"]', a: crate('a') });
    expect(graph.problems).toMatchObject([{ message: 'the workspace member `gone` has no Cargo.toml' }]);
    expect(names(graph.crates.values())).toEqual(['a']);
  });

  it('bears crates that need each other', () => {
    const { root, graph } = readTree({
      a: crate('a', '[dev-dependencies]\nb = { path = "../b" }'),
      b: crate('b', '[dependencies]\na = { path = "../a" }'),
    });
    expect(names(reachableCrates(graph, [join(root, 'a')], ['normal', 'dev']))).toEqual(['a', 'b']);
  });
});
