import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withScratch } from '../task/testing/scratch.js';
import { acceleratorMemory } from './accelerator-memory.js';
import { type Machine, chooseAccelerator } from './accelerators.js';

const LINUX: Machine = { platform: 'linux', arch: 'x64', kvm: 'usable', remembered: () => undefined };

describe('chooseAccelerator', () => {
  it.each<{ reason: string; machine: Partial<Machine>; accelerator: string; isOnProbation: boolean; note?: string }>([
    { reason: 'KVM where it may work', machine: {}, accelerator: 'kvm', isOnProbation: true },
    { reason: 'KVM without a limit where it is known to work', machine: { remembered: () => 'works' }, accelerator: 'kvm', isOnProbation: false },
    { reason: 'TCG where KVM is known to fail', machine: { remembered: () => 'fails' }, accelerator: 'tcg', isOnProbation: false, note: '`--accel kvm` tries it again' },
    { reason: 'TCG where KVM is forbidden', machine: { kvm: 'forbidden' }, accelerator: 'tcg', isOnProbation: false, note: 'usermod -aG kvm' },
    { reason: 'TCG where there is no KVM', machine: { kvm: 'absent' }, accelerator: 'tcg', isOnProbation: false, note: 'offers no KVM' },
    { reason: 'HVF on a Mac with Intel', machine: { platform: 'darwin', kvm: 'absent' }, accelerator: 'hvf', isOnProbation: true },
    { reason: 'TCG on another Mac', machine: { platform: 'darwin', arch: 'arm64', kvm: 'absent' }, accelerator: 'tcg', isOnProbation: false, note: 'no x86-64 processor' },
    { reason: 'TCG on ARM with KVM', machine: { arch: 'arm64' }, accelerator: 'tcg', isOnProbation: false, note: 'several times slower' },
    { reason: 'TCG on another system', machine: { platform: 'freebsd', kvm: 'absent' }, accelerator: 'tcg', isOnProbation: false, note: 'several times slower' },
  ])('takes $reason', ({ machine, accelerator, isOnProbation, note }) => {
    const choice = chooseAccelerator('auto', { ...LINUX, ...machine });
    expect(choice).toMatchObject({ accelerator, isOnProbation });
    expect(choice.notes.join()).toContain(note ?? '');
  });

  it('takes what is asked for', () => {
    expect(chooseAccelerator('kvm', { ...LINUX, kvm: 'absent', remembered: () => 'fails' })).toEqual({ accelerator: 'kvm', isOnProbation: false, notes: [] });
  });
});

describe('acceleratorMemory', () => {
  it('remembers for this machine and this QEMU, a failure for thirty days', () =>
    withScratch((folder) => {
      const [qemu, other] = [join(folder, 'qemu'), join(folder, 'other')];
      for (const path of [qemu, other]) writeFileSync(path, '');
      let time = Date.now();
      const memory = (path = qemu) => acceleratorMemory({ cacheFolder: folder, qemu: path, now: () => time });
      expect(memory().recall('kvm')).toBeUndefined();
      memory().remember('kvm', 'fails');
      expect([memory().recall('kvm'), memory().recall('hvf'), memory(other).recall('kvm')]).toEqual(['fails', undefined, undefined]);
      time += 31 * 24 * 3600 * 1000;
      expect(memory().recall('kvm')).toBeUndefined();
      memory().remember('kvm', 'works');
      time += 31 * 24 * 3600 * 1000;
      expect(memory().recall('kvm')).toBe('works');
      // another build of QEMU
      writeFileSync(qemu, 'new');
      expect(memory().recall('kvm')).toBeUndefined();
      return Promise.resolve();
    }));

  it('forgets where it cannot write', () =>
    withScratch((folder) => {
      writeFileSync(join(folder, 'accelerators'), 'in the way');
      const memory = acceleratorMemory({ cacheFolder: folder, qemu: process.execPath });
      memory.remember('kvm', 'works');
      expect(memory.recall('kvm')).toBeUndefined();
      return Promise.resolve();
    }));
});
