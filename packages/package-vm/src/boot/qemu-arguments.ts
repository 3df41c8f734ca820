import { type Accelerator } from './accelerators.js';

export interface VmDescription {
  readonly imagePath: string;
  /** Folder that the guest gets as its 9p share. */
  readonly workspace: string;
  readonly accelerator: Accelerator;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Port of this machine where QEMU waits for gdb before the first instruction. */
  readonly gdbPort?: number | undefined;
  /** Further arguments, at the end. */
  readonly extraArgs?: readonly string[] | undefined;
}

/**
 * The devices of a Gevulot node (gevulot crates/node/src/vmm/qemu.rs) that a program with the file protocol meets, as
 * shim-executor has them (gevulot-shim src/bin/shim-executor.rs): no vsock, no QMP, no GPU. Ours: one accelerator instead of
 * `kvm:tcg`, the guest's reset ends QEMU, and gdb only listens on this machine.
 */
export function qemuArguments({ imagePath, workspace, accelerator, cpus, memoryMiB, gdbPort, extraArgs = [] }: VmDescription): readonly string[] {
  return [
    ...['-machine', `q35,accel=${accelerator}`, '-cpu', 'max', '-smp', String(cpus), '-m', `${memoryMiB}M`],
    ...['-device', 'pcie-root-port,port=0x10,chassis=1,id=pci.1,bus=pcie.0,multifunction=on,addr=0x3'],
    ...['-device', 'pcie-root-port,port=0x11,chassis=2,id=pci.2,bus=pcie.0,addr=0x3.0x1'],
    ...['-device', 'pcie-root-port,port=0x12,chassis=3,id=pci.3,bus=pcie.0,addr=0x3.0x2'],
    ...['-device', 'virtio-scsi-pci,bus=pci.2,addr=0x0,id=scsi0', '-device', 'scsi-hd,bus=scsi0.0,drive=hd0'],
    ...['-drive', `file=${value(imagePath)},format=raw,if=none,id=hd0,readonly=on`],
    ...['-device', 'isa-debug-exit', '-device', 'virtio-rng-pci'],
    ...['-virtfs', `local,path=${value(workspace)},mount_tag=0,security_model=none,multidevs=remap,id=hd0`],
    ...['-nic', 'none', '-vga', 'none', '-display', 'none', '-serial', 'stdio', '-monitor', 'none', '-no-reboot'],
    ...(gdbPort === undefined ? [] : ['-gdb', `tcp:127.0.0.1:${gdbPort}`, '-S']),
    ...extraArgs,
  ];
}

/** A value within an option of QEMU: a comma is doubled, anything else stands for itself. */
function value(text: string): string {
  return text.replaceAll(',', ',,');
}
