import { type Finding, type Platform, hasErrors, isBlocking, parseManifest } from '@package-vm/manifest';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readCorpus } from '../packages/manifest/src/testing/corpus.js';
import { manifestExamples } from '../packages/manifest/src/testing/examples.js';
import { findingsOf } from '../packages/manifest/src/testing/findings-of.js';
import { acceptedByOps, refusedByOps } from '../packages/manifest/src/testing/ops-differences.js';
import { type OpsHome, withOpsHome } from '../packages/ops/src/ops-home.js';
import { runOps } from '../packages/ops/src/run-ops.js';
import { layRelease } from './agreement/engines.js';

/** The check is held against what ops says of the same texts: what ops refuses, the check refuses; what only the check refuses is listed. */
const realOps = process.env.PACKAGE_VM_TEST_OPS;
const HELLO = join(import.meta.dirname, '../packages/disk-image/src/testing/golden/hello');

interface Manifest {
  readonly title: string;
  readonly text: string;
  readonly platform: Platform;
}

// a megabyte tells ops nothing
const examples = Object.entries(manifestExamples).filter(([code]) => code !== 'too-large');
const manifests: readonly Manifest[] = [
  ...readCorpus(),
  ...examples.map(([code, { bad, options }]) => ({ title: `example of ${code}`, text: bad, platform: options?.platform ?? ('gevulot' as const) })),
];

interface Judged extends Manifest {
  readonly isAccepted: boolean;
  readonly findings: readonly Finding[];
}

async function judge(manifest: Manifest, ops: string, home: OpsHome): Promise<Judged> {
  layFiles(manifest, home.workingFolder);
  const { exitCode, stdout } = await runOps({ program: ops, args: ['build', 'my_prover', '-c', 'vm.json'], home, timeoutMs: 20_000 });
  const isAccepted = exitCode === 0 && /^Bootable image file:/m.test(stdout);
  return { ...manifest, isAccepted, findings: findingsOf(manifest.text, { platform: manifest.platform, program: 'my_prover' }) };
}

/** The manifest, and whatever it names: what ops says is about the text alone. */
function layFiles({ text }: Manifest, folder: string): void {
  rmSync(folder, { recursive: true });
  const manifest = parseManifest(text, { file: 'vm.json' }).manifest ?? {};
  for (const path of [...(manifest.Dirs ?? []), 'target/release', 'bin']) mkdirSync(join(folder, path), { recursive: true });
  for (const path of manifest.Files ?? []) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), '');
  }
  for (const program of ['my_prover', 'my_verifier', 'target/release/my_prover', 'bin/my_prover']) cpSync(HELLO, join(folder, program));
  writeFileSync(join(folder, 'vm.json'), text);
}

if (realOps === undefined) it.skip(`the check and a real ops: ${manifests.length} manifests (waits for a real ops: PACKAGE_VM_TEST_OPS)`, () => undefined);
else {
  describe('the check and a real ops', () => {
    const judged: Judged[] = [];
    beforeAll(async () => {
      await withOpsHome({ version: '0.1.54' }, async (home) => {
        layRelease(join(home.dotOps, '0.1.54'));
        for (const manifest of manifests) judged.push(await judge(manifest, realOps, home));
      });
    }, 180_000);

    it('what ops refuses is refused, but for what is accepted on purpose', () => {
      const onlyOps = judged.filter(({ isAccepted, findings }) => !isAccepted && !hasErrors(findings)).map(({ title }) => title);
      expect(onlyOps.sort()).toEqual(Object.keys(refusedByOps).sort());
    });

    it('what ops accepts and the check refuses is listed, with what comes of it', () => {
      const onlyCheck = judged.filter(({ isAccepted, findings }) => isAccepted && hasErrors(findings));
      const codes = new Set(onlyCheck.flatMap(({ findings }) => findings.filter(isBlocking).map(({ code }) => code)));
      expect([...codes].sort()).toEqual(Object.keys(acceptedByOps).sort());
    });
  });
}
