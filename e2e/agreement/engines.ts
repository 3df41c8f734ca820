import { type BuiltImage, type EngineName, buildImage, collectBundle, readProject } from 'package-vm';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { withOpsHome } from '../../packages/ops/src/ops-home.js';
import { runOps } from '../../packages/ops/src/run-ops.js';
import { type ImageTree, readImageTree } from '../../packages/package-vm/src/diff/image-tree.js';
import { withImageFile } from '../../packages/package-vm/src/inspect/open-image-file.js';
import { type AgreementCase } from './cases.js';

const HELLO = join(import.meta.dirname, '../../packages/disk-image/src/testing/golden/hello');
const NANOS_VERSION = '0.1.54';

/** The made-up Nanos release of these tests: engines do not look into kernels, so that nothing of Nanos is needed. */
export function layRelease(folder: string): void {
  mkdirSync(join(folder, 'klibs'), { recursive: true });
  const bootLoader = Buffer.alloc(512);
  bootLoader.writeUInt16LE(0xaa55, 510);
  writeFileSync(join(folder, 'boot.img'), bootLoader);
  writeFileSync(join(folder, 'kernel.img'), 'no kernel');
  for (const klib of ['cloud_init', 'firewall', 'ntp', 'radar', 'syslog', 'tls']) writeFileSync(join(folder, 'klibs', klib), `no klib ${klib}`);
}

/** Puts a case's files into a folder; `program` takes the place of the one that prints hello. */
export function layCase({ files = {}, manifest, program = 'hello' }: AgreementCase, folder: string, programPath = HELLO): void {
  for (const [path, content] of Object.entries(files)) {
    const at = join(folder, path);
    mkdirSync(content === null ? at : dirname(at), { recursive: true });
    if (typeof content === 'string') writeFileSync(at, content);
    else if (content !== null) symlinkSync(content.link, at);
  }
  mkdirSync(dirname(join(folder, program)), { recursive: true });
  cpSync(programPath, join(folder, program));
  writeFileSync(join(folder, 'vm.json'), JSON.stringify(manifest));
}

export interface EngineBuild {
  readonly of: AgreementCase;
  /** Where {@link layCase} put it. */
  readonly folder: string;
  readonly release: string;
  readonly engine: EngineName;
  readonly ops?: string | undefined;
  readonly outputPath: string;
}

/** Builds a case through package-vm. */
export async function buildWith({ of, folder, release, engine, ops, outputPath }: EngineBuild): Promise<BuiltImage> {
  const programPath = join(folder, of.program ?? 'hello');
  const project = await readProject({ folder, manifestPath: join(folder, 'vm.json'), program: basename(programPath), platform: of.platform ?? 'nanos', workspaceRoot: folder });
  const bundle = await collectBundle({ programPath, name: basename(programPath), baseFolder: folder });
  return buildImage({ project, bundle, release: { nanosDir: release, version: NANOS_VERSION }, outputPath, engine, ops: { program: ops } });
}

/** What `ops build` makes of a case by itself, run as its documentation says in the folder of the program. */
export function buildWithPlainOps(of: AgreementCase, { ops, programPath }: { readonly ops: string; readonly programPath?: string }): Promise<{ tree: ImageTree; sizeBytes: number }> {
  return withOpsHome({ version: NANOS_VERSION }, async (home) => {
    layRelease(join(home.dotOps, NANOS_VERSION));
    layCase(of, home.workingFolder, programPath);
    const program = of.program ?? 'hello';
    // without `--nanos-version`, which would stand above `Kernel`
    const { stdout, stderr } = await runOps({ program: ops, args: ['build', program, '-c', 'vm.json'], home, timeoutMs: 60_000 });
    const image = /^Bootable image file:(.*)$/m.exec(stdout)?.[1];
    if (image === undefined) throw new Error(`ops made no image: ${stdout}${stderr}`);
    return withImageFile(join(home.workingFolder, image), (opened) => ({ tree: readImageTree(opened), sizeBytes: opened.sizeBytes }));
  });
}

export function readTree(path: string): ImageTree {
  return withImageFile(path, readImageTree);
}
