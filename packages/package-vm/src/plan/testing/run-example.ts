import { type Finding, parseManifest, placeInManifest } from '@package-vm/manifest';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { digestFile } from '../../host-files/digest-file.js';
import { makePlan } from '../make-plan.js';
import { type ExampleFile, type PlanExample } from './plan-examples.js';
import { testRelease } from './test-release.js';

/** The findings of a plan for one of an example's manifests, with its files in a folder of their own. */
export async function runExample({ files, klibs = {}, program: bytes }: PlanExample, manifest: object): Promise<readonly Finding[]> {
  const root = mkdtempSync(join(tmpdir(), 'plan-example-'));
  try {
    const crate = join(root, 'crate');
    mkdirSync(crate);
    for (const [path, content] of Object.entries(files)) writeExample(crate, path, content);
    const program = join(root, 'hello');
    writeFileSync(program, bytes ?? readFileSync(join(import.meta.dirname, '../../../../disk-image/src/testing/golden/hello')));
    const parsed = parseManifest(JSON.stringify(manifest), { file: 'vm.json' }).manifest ?? {};
    const plan = await makePlan({
      manifest: parsed,
      placeOf: (keys, part) => placeInManifest(parsed, 'vm.json', keys, part),
      bundle: { name: 'hello', program: { hostPath: program, ...digestFile(program) }, libraries: [], build: undefined },
      release: testRelease(join(root, 'release'), klibs),
      platform: 'gevulot',
      baseFolder: crate,
      workspaceRoot: crate,
    });
    return plan.findings;
  } finally {
    rmSync(root, { recursive: true });
  }
}

function writeExample(crate: string, path: string, content: ExampleFile): void {
  // names are bytes: a character is one
  const file = Buffer.concat([Buffer.from(`${crate}/`), Buffer.from(path, 'latin1')]);
  mkdirSync(join(crate, dirname(path)), { recursive: true });
  if (typeof content === 'string' || Buffer.isBuffer(content)) writeFileSync(file, content);
  else if ('link' in content) symlinkSync(content.link, file);
  else execFileSync('mkfifo', [file.toString()]);
}
