export type Accelerator = 'kvm' | 'hvf' | 'tcg';

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Whether `/dev/kvm` is there, and whether this user may use it. */
  readonly kvm: 'usable' | 'forbidden' | 'absent';
  /** What was seen of an accelerator on this machine before. */
  readonly remembered: (accelerator: Accelerator) => 'works' | 'fails' | undefined;
}

export interface AcceleratorChoice {
  readonly accelerator: Accelerator;
  /** Whether a guest must show a sign of life in time, or TCG takes over. */
  readonly isOnProbation: boolean;
  readonly notes: readonly string[];
}

const SLOW = 'The VM is emulated (TCG), which is several times slower than on a node.';

/** Which accelerator to try: the one asked for, else the machine's, unless it is known to fail here. */
export function chooseAccelerator(wanted: Accelerator | 'auto', machine: Machine): AcceleratorChoice {
  if (wanted !== 'auto') return { accelerator: wanted, isOnProbation: false, notes: [] };
  const native = nativeAccelerator(machine);
  if (typeof native !== 'string') return native;
  const remembered = machine.remembered(native);
  if (remembered !== 'fails') return { accelerator: native, isOnProbation: remembered === undefined, notes: [] };
  return emulated(`${native.toUpperCase()} is there but was seen to boot nothing on this machine; \`--accel ${native}\` tries it again. ${SLOW}`);
}

function nativeAccelerator({ platform, arch, kvm }: Machine): 'kvm' | 'hvf' | AcceleratorChoice {
  if (arch !== 'x64') return emulated(`This machine has no x86-64 processor. ${SLOW}`);
  if (platform === 'darwin') return 'hvf';
  if (platform !== 'linux') return emulated(SLOW);
  if (kvm === 'usable') return 'kvm';
  if (kvm === 'forbidden') return emulated(`This user may not use \`/dev/kvm\`: \`sudo usermod -aG kvm $USER\` and a new login allow it. ${SLOW}`);
  return emulated(`This machine offers no KVM. ${SLOW}`);
}

function emulated(note: string): AcceleratorChoice {
  return { accelerator: 'tcg', isOnProbation: false, notes: [note] };
}
