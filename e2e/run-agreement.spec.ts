// The same images rehearsed and booted on a real Nanos, where one is found.
import { commandExitCode } from '../packages/package-vm/src/task/run-result.js';
import { buildProbes, probeImage, suite, waitsForRehearsal } from './run/workbench.js';
import { FORGED } from './run/endings.js';
import { AGREED, both, DIFFERING, expectAgreement, lines } from './run/rehearse-and-boot.js';

suite('a rehearsal and a boot', waitsForRehearsal, () => {
  beforeAll(buildProbes);

  it.each(AGREED)('agree on $reason', ({ args, content, options }) => expectAgreement(probeImage(args, content), options));

  it('agree on arguments and environment, of which the rest of what a program sees follows', async () => {
    const { rehearsed, booted } = await both(probeImage(['see', 'ein Wört', '–']));
    expect(lines(booted.output)).toEqual(lines(rehearsed.output));
    expect(booted.output).toContain('argument 2: ein Wört\n');
    expect(booted.output).toContain('environment: NAME=wört mit Leerzeichen\n');
  });

  it.each(DIFFERING)('differ in $reason', async ({ args, content, options, rehearsed, booted }) => {
    const seen = await both(probeImage(args, content), options);
    expect([seen.rehearsed.outcome, commandExitCode(seen.rehearsed)]).toEqual(rehearsed);
    expect([seen.booted.outcome, commandExitCode(seen.booted)]).toEqual(booted);
  });

  it('differ in a root that is not read-only, which only a rehearsal keeps from being lost', async () => {
    const { rehearsed, booted } = await both(probeImage(['act'], { without: ['readonly_rootfs'] }));
    expect([commandExitCode(rehearsed), commandExitCode(booted)]).toEqual([0, 0]);
    expect(rehearsed.notes.join()).toContain('/new');
    expect(booted.notes.join()).toContain('the program wrote outside `/workspace`');
  });

  it('differ in output that looks like lines of the kernel', async () => {
    const { rehearsed, booted } = await both(probeImage(['say', FORGED, '7']));
    expect([commandExitCode(rehearsed), commandExitCode(booted)]).toEqual([7, 7]);
    expect(rehearsed.output).toBe(FORGED);
    expect(booted.output).not.toContain('frame trace: ');
    expect(booted.kernelLines).toContain('frame trace: ');
  });
});
