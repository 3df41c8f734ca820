// Images of the engine `ops`, rehearsed and booted on a real Nanos, where both are found.
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, buildProbes, command, fresh, nanos, suite, waitsForOps, waitsForRehearsal } from './run/workbench.js';
import { ENDINGS, expectEnding } from './run/endings.js';
import { AGREED, expectAgreement, lines } from './run/rehearse-and-boot.js';
import { proveAndVerify, readMuch } from './run/by-engine.js';

/** Puts the real `ops` on the PATH of commands. */
function findOps(): void {
  mkdirSync(at('bin'), { recursive: true });
  if (!existsSync(at('bin/ops'))) symlinkSync(process.env.PACKAGE_VM_TEST_OPS ?? '', at('bin/ops'));
}

/** What `ops` packages for the probe with these arguments. */
function opsImage(args: readonly string[], without: readonly string[] = []): string {
  const source = fresh('ops');
  cpSync(at('probe'), join(source, 'probe'));
  const passthrough = Object.entries({ readonly_rootfs: 'true', debug_exit: 't' }).filter(([name]) => !without.includes(name));
  writeFileSync(join(source, 'vm.json'), JSON.stringify({ Args: args, ManifestPassthrough: Object.fromEntries(passthrough), Mounts: { '%0': '/workspace' } }));
  const image = join(source, 'probe.img');
  // what this platform wants of a manifest is another matter
  expect(command('build', join(source, 'probe'), '-c', join(source, 'vm.json'), '--nanos-dir', nanos ?? '', '--engine', 'ops', '--platform', 'nanos', '-o', image)).toMatchObject({ status: 0 });
  return image;
}

suite('an image by ops', waitsForOps, () => {
  beforeAll(() => {
    buildProbes();
    findOps();
  });

  // the others are images that ops does not make
  it.each(ENDINGS.filter(({ content = {} }) => Object.keys(content).every((key) => key === 'without')))('that ends with $reason is explained', (ending) =>
    expectEnding(ending, opsImage(ending.args, ending.content?.without)));

  it('reads a gibibyte in large files and 300 in nested folders', () => { readMuch('ops'); });

  it('hands a proof on, and a tampered one is refused', () => { proveAndVerify('ops'); }, 600_000);

  it('runs as ours does', () => {
    const source = fresh('ops');
    cpSync(at('probe'), join(source, 'probe'));
    writeFileSync(join(source, 'vm.json'), JSON.stringify({ Args: ['see', 'ein Wört'], Env: { GREETING: 'grüß dich' }, ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 't' }, Mounts: { '%0': '/workspace' } }));
    const outputs = ['builtin', 'ops'].map((engine) => {
      const image = join(source, `${engine}.img`);
      expect(command('build', join(source, 'probe'), '-c', join(source, 'vm.json'), '--nanos-dir', nanos ?? '', '--engine', engine, '-o', image)).toMatchObject({ status: 0 });
      const { status, stdout } = command('run', image, '--accel', 'tcg', '--memory', '512M');
      expect(status).toBe(0);
      return lines(stdout);
    });
    expect(outputs[1]).toEqual(outputs[0]);
  });
});

// the others are images that ops does not make
suite('a rehearsal and a boot of an image by ops', waitsForOps ?? waitsForRehearsal, () => {
  beforeAll(() => {
    buildProbes();
    findOps();
  });

  it.each(AGREED.filter(({ content }) => content === undefined))('agree on $reason', ({ args, options }) => expectAgreement(opsImage(args), options));
});
