import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { withOpsHome } from '../packages/ops/src/ops-home.js';
import { runOps } from '../packages/ops/src/run-ops.js';
import { compareTrees } from '../packages/package-vm/src/diff/compare-trees.js';
import { judgeDifferences } from '../packages/package-vm/src/diff/diff-images.js';
import { type ImageTree } from '../packages/package-vm/src/diff/image-tree.js';
import { type AgreementCase, agreementCases, refusedKeys } from './agreement/cases.js';
import { buildWith, buildWithPlainOps, layCase, layRelease, readTree } from './agreement/engines.js';

/**
 * Both engines make the same trees. Where there is no ops, our writer is held against descriptions of what `ops build` made. To record them again:
 *   PACKAGE_VM_TEST_OPS=/path/to/ops PACKAGE_VM_RECORD=1 npm run test:e2e -- agreement
 */
const ops = process.env.PACKAGE_VM_TEST_OPS;
const isRecording = process.env.PACKAGE_VM_RECORD !== undefined;
const DESCRIPTIONS = join(import.meta.dirname, 'agreement/descriptions');

/** A suite for the real tool, which says what it waits for where there is none. */
function withOps(name: string, body: (ops: string) => void): void {
  if (ops !== undefined) describe(name, () => { body(ops); });
  else it.skip(`${name}: ${agreementCases.length} cases, each in three ways (waits for a real ops: PACKAGE_VM_TEST_OPS)`, () => undefined);
}

interface Description extends ImageTree {
  readonly sizeBytes: number;
}

let folder: string;
let release: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'agreement-'));
  release = join(folder, 'release');
  layRelease(release);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Builds a case with each engine once. */
async function build(of: AgreementCase, engine: 'builtin' | 'ops', programPath?: string): Promise<{ imagePath: string; tree: ImageTree; sizeBytes: number; findings: readonly string[] }> {
  const project = join(folder, of.name);
  if (!existsSync(project)) {
    mkdirSync(project);
    layCase(of, project, programPath);
  }
  const { imagePath, sizeBytes, findings } = await buildWith({ of, folder: project, release, engine, ops, outputPath: join(folder, `${of.name}-${engine}.img`) });
  return { imagePath, tree: readTree(imagePath), sizeBytes, findings: findings.map(({ code }) => code) };
}

/** What is not on the list. */
const surprises = (builtin: ImageTree, made: ImageTree): readonly unknown[] =>
  judgeDifferences(compareTrees(builtin, made), { a: 'builtin', b: 'ops' }).filter(({ accepted }) => accepted === undefined);

const descriptionFile = (name: string): string => join(DESCRIPTIONS, `${name}.json`);
const description = (name: string): Description => JSON.parse(readFileSync(descriptionFile(name), 'utf8')) as Description;

/** Without the version of the tool, which a description does not hold. */
const withoutVersion = (tree: ImageTree): ImageTree => ({ ...tree, attributes: { ...tree.attributes, environment: { ...(tree.attributes.environment as object), OPS_VERSION: '' } } });

describe.each(agreementCases)('$name', (of) => {
  it('is what ops was seen to make', async () => {
    const { tree, sizeBytes } = await build(of, 'builtin');
    const made = description(of.name);
    expect(surprises(tree, made)).toEqual([]);
    if (of.manifest.BaseVolumeSz !== undefined) expect(sizeBytes).toBe(made.sizeBytes);
  });
});

describe('the cases', () => {
  it('name every key that changes an image', () => {
    const named = new Set([...agreementCases.flatMap(({ keys }) => keys), ...Object.keys(refusedKeys)]);
    const all = ['Args', 'BaseVolumeSz', 'Boot', 'CloudConfig', 'Debugflags', 'Dirs', 'Env', 'Files', 'Kernel', 'KlibDir', 'Klibs', 'ManifestPassthrough', 'MapDirs', 'Mounts', 'NameServers'];
    const more = ['NightlyBuild', 'NoTrace', 'Program', 'RebootOnExit', 'TFSv4', 'TargetRoot', 'Uefi', 'UefiBoot'];
    const network = ['Gateway', 'IPAddress', 'IPv6Address', 'ImageName', 'NetMask', 'Nics', 'Ports'].map((key) => `RunConfig.${key}`);
    expect([...named].sort()).toEqual([...all, ...more, ...network].sort());
  });

  it.each(Object.entries(refusedKeys))('%s is refused by both engines', async (key, value) => {
    for (const engine of ['builtin', 'ops'] as const) {
      const of = { name: `refused-${key}`, keys: [key], manifest: { [key]: value } };
      await expect(build(of, engine)).rejects.toMatchObject({ code: 'PVM_BAD_MANIFEST', message: expect.stringContaining(`\`${key}\` is not supported`) as unknown });
    }
  });
});

withOps('with a real ops', (program) => {
  describe.each(agreementCases)('$name', (of) => {
    it('is described as ops makes it', async () => {
      const { tree, sizeBytes } = await buildWithPlainOps(of, { ops: program });
      const made = { ...withoutVersion(sortedTree(tree)), sizeBytes };
      if (isRecording) {
        mkdirSync(DESCRIPTIONS, { recursive: true });
        writeFileSync(descriptionFile(of.name), `${JSON.stringify(made, null, 1)}\n`);
      }
      expect(description(of.name)).toEqual(made);
    });

    it('is the same with the engine ops', async () => {
      const [builtin, made] = [await build(of, 'builtin'), await build(of, 'ops')];
      expect(surprises(builtin.tree, made.tree)).toEqual([]);
      // all that the plan has is there, `/proc/self/exe` too
      expect(compareTrees(builtin.tree, made.tree).filter(({ b }) => b === undefined)).toEqual([]);
      expect(made.findings.filter((code) => code.startsWith('ops-'))).toEqual([]);
      if (of.manifest.BaseVolumeSz !== undefined || of.name === 'writable-root') expect(Math.abs(made.sizeBytes - builtin.sizeBytes)).toBeLessThan(1024);
    });

    it('is read by ops image ls, tree and cat', async () => {
      const { imagePath, tree } = await build(of, 'builtin');
      await withOpsHome({ version: '0.1.54' }, async (home) => {
        symlinkSync(imagePath, join(home.dotOps, 'images/image'));
        const image = async (command: string, ...args: readonly string[]): Promise<string> => {
          const { stdout, stderr, exitCode } = await runOps({ program, args: ['image', command, 'image', ...args], home, timeoutMs: 20_000 });
          expect([exitCode, stderr]).toEqual([0, '']);
          return stripVTControlCharacters(stdout).replace(/^version lookup failed, using local\.\n/, '');
        };
        const names = tree.entries.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).sort();
        expect(namesInTree(await image('tree'))).toEqual(names);
        expect(namesInTree(await image('tree', '--bootfs'))).toEqual(tree.bootFiles.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).sort());
        const top = tree.entries.filter(({ path }) => path.lastIndexOf('/') === 0).map(({ path }) => path.slice(1));
        // names with blanks between them
        expect(words(await image('ls', '/'))).toEqual(words(top.join(' ')));
        for (const entry of tree.entries) {
          // ops prints a line feed after each file, as text
          if (entry.kind === 'file' && entry.sizeBytes < 1024) expect(sha256((await image('cat', entry.path)).slice(0, -1))).toBe(entry.sha256);
        }
      });
    });
  });

  it('agrees on a dynamic program and its libraries', async () => {
    if (spawnSync('gcc', ['--version']).status !== 0) {
      console.warn('not tried: needs gcc');
      return;
    }
    const source = join(folder, 'dynamic.c');
    writeFileSync(source, 'double sqrt(double); int main(int count, char **words) { return words[0][0] == 0 && sqrt(count) > 2; }');
    execFileSync('gcc', ['-o', join(folder, 'dynamic'), source, '-lm', '-Wl,--no-as-needed', '-lpthread']);
    const of = { name: 'dynamic-program', keys: [], manifest: { ManifestPassthrough: { readonly_rootfs: 'true' } } };
    const [builtin, engine] = [await build(of, 'builtin', join(folder, 'dynamic')), await build(of, 'ops', join(folder, 'dynamic'))];
    const plain = await buildWithPlainOps(of, { ops: program, programPath: join(folder, 'dynamic') });
    expect(builtin.tree.entries.map(({ path }) => path)).toEqual(expect.arrayContaining([expect.stringMatching(/libc\.so\.6$/), expect.stringMatching(/ld-linux/)]));
    expect(surprises(builtin.tree, engine.tree)).toEqual([]);
    expect(surprises(builtin.tree, plain.tree)).toEqual([]);
  });

  it('agrees on a log of several extensions', async () => {
    const files = Object.fromEntries(Array.from({ length: 6000 }, (_, index) => [`many/d${index % 30}/a-rather-long-file-name-to-fill-the-log-${index}.dat`, String(index)]));
    const of = { name: 'many-files', keys: [], files, manifest: { Dirs: ['many'], ManifestPassthrough: { readonly_rootfs: 'true' } } };
    const [builtin, engine, plain] = [await build(of, 'builtin'), await build(of, 'ops'), await buildWithPlainOps(of, { ops: program })];
    expect(builtin.tree.entries.length).toBeGreaterThan(6000);
    expect(surprises(builtin.tree, engine.tree)).toEqual([]);
    expect(surprises(builtin.tree, plain.tree)).toEqual([]);
  });
});

/** Attributes in the order of their names: ops writes them in any. */
function sortedTree(tree: ImageTree): ImageTree {
  const sorted = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
  };
  return { ...tree, attributes: sorted(tree.attributes) as ImageTree['attributes'] };
}

/** Of lines such as `|   |   exe -> /hello`. */
function namesInTree(text: string): readonly string[] {
  const names = text.split('\n').map((line) => line.replace(/^(\| +)*/, '').replace(/ -> .*$/, ''));
  return names.filter((name) => name !== '' && name !== '/').sort();
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '').sort();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
