import { type Tuple } from '@package-vm/disk-image';
import { PackageVmError } from '@package-vm/errors';
import { type Finding } from '@package-vm/manifest';
import { type OpsFile, type OpsImage, buildWithOps, findOps } from '@package-vm/ops';
import { compareTrees } from '../diff/compare-trees.js';
import { judgeDifferences } from '../diff/diff-images.js';
import { type ComparedEntry, type ImageTree, readImageTree } from '../diff/image-tree.js';
import { withImageFile } from '../inspect/open-image-file.js';
import { tupleToJson } from '../inspect/tuple-to-json.js';
import { type Plan, type PlannedEntry, type PlannedFile } from '../plan/plan.js';
import { type Project } from '../project/read-project.js';
import { digestImage } from './digest-image.js';
import { type EngineCall, type WrittenImage } from './engine.js';
import { layOutPlan } from './lay-out-plan.js';
import { opsAddition, opsWarning } from './ops-findings.js';

export interface OpsEngineOptions {
  /** Absolute path of `ops`; default: the one of this machine. */
  readonly program?: string | undefined;
  /** Called with the command as a line for a shell; what it needs is then kept. */
  readonly onCommand?: ((line: string) => void) | undefined;
}

/**
 * Makes a plan's image with the real `ops build`, then reads it and compares it with the plan, file by file.
 *
 * @throws PVM_OPS_DIFFERS when ops made something else, and what {@link buildWithOps} and {@link findOps} throw
 */
export async function writeWithOps({ plan, project, path, signal }: EngineCall, { program, onCommand }: OpsEngineOptions): Promise<WrittenImage> {
  const { ops, warnings } = await buildWithOps({ program: program ?? findOps(), image: opsImage(plan, project), imagePath: path, signal, onCommand });
  const digests = await digestImage(path);
  const { tree, sizeBytes, uuid } = withImageFile(path, (image) => ({ tree: readImageTree(image), sizeBytes: image.sizeBytes, uuid: image.root.uuid }));
  const findings = [...warnings.map((line) => opsWarning(project.placeOf([]), line)), ...compareWithPlan(plan, project, tree)];
  return { engine: 'ops', engineVersion: ops.version, layoutVersion: null, sizeBytes, uuid, ...digests, findings };
}

function opsImage(plan: Plan, { manifest }: Project): OpsImage {
  const mounts = plan.attributes.get('mounts') as Tuple | undefined;
  return {
    manifest,
    program: manifest.Program ?? plan.program,
    imageName: plan.program,
    mounts: Object.fromEntries(mounts ?? []) as Record<string, string>,
    entries: plan.entries,
    // ops leaves no free space for a guest that writes to its root
    minimumImageBytes: plan.freeBytes === 0 ? plan.minimumImageBytes : layOutPlan(plan).sizeBytes,
    release: { version: plan.nanosVersion, files: [{ name: 'boot.img', content: plan.bootLoader.content }, ...plan.bootFiles.map(releaseFile)] },
  };
}

function releaseFile({ path, content }: PlannedFile): { name: string; content: OpsFile['content'] } {
  return { name: path === '/kernel' ? 'kernel.img' : path.replace(/^\/klib\//, 'klibs/'), content };
}

/** What ops added is a finding; what it left out or changed is an error. */
function compareWithPlan(plan: Plan, project: Project, tree: ImageTree): readonly Finding[] {
  const differences = judgeDifferences(compareTrees(treeOf(plan), tree), { a: 'builtin', b: 'ops' }).filter(({ accepted }) => accepted === undefined);
  const wrong = differences.filter(({ a }) => a !== undefined);
  if (wrong.length > 0) {
    const list = wrong.slice(0, 5).map(({ part, path, b }) => `${part} \`${path}\` ${b === undefined ? 'is missing' : 'is different'}`);
    throw new PackageVmError('PVM_OPS_DIFFERS', `The image that ops made is not what was planned: ${list.join(', ')}${wrong.length > list.length ? `, and ${wrong.length - list.length} more` : ''}`, {
      hint: 'If a file changed meanwhile, start again; otherwise build with the engine `builtin`.',
      data: { differences: wrong },
    });
  }
  return differences.map(({ part, path, b }) => opsAddition(project.placeOf([]), `${part} \`${path}\`: ${JSON.stringify(b)}`));
}

function treeOf({ attributes, bootFiles, entries }: Plan): ImageTree {
  return { attributes: tupleToJson(attributes), bootFiles: bootFiles.map(comparedEntry), entries: entries.map(comparedEntry) };
}

function comparedEntry(entry: PlannedEntry): ComparedEntry {
  if (entry.kind !== 'file') return entry;
  const { kind, path, sizeBytes, sha256 } = entry;
  return { kind, path, sizeBytes, sha256 };
}
