import { qemuArguments } from './qemu-arguments.js';

const VM = { imagePath: '/images/prover.img', workspace: '/ws', accelerator: 'tcg', cpus: 4, memoryMiB: 512 } as const;

describe('qemuArguments', () => {
  it('lists the devices of a node', () => {
    expect(qemuArguments(VM).join(' ').replaceAll(' -', '\n-')).toMatchInlineSnapshot(`
"-machine q35,accel=tcg
-cpu max
-smp 4
-m 512M
-device pcie-root-port,port=0x10,chassis=1,id=pci.1,bus=pcie.0,multifunction=on,addr=0x3
-device pcie-root-port,port=0x11,chassis=2,id=pci.2,bus=pcie.0,addr=0x3.0x1
-device pcie-root-port,port=0x12,chassis=3,id=pci.3,bus=pcie.0,addr=0x3.0x2
-device virtio-scsi-pci,bus=pci.2,addr=0x0,id=scsi0
-device scsi-hd,bus=scsi0.0,drive=hd0
-drive file=/images/prover.img,format=raw,if=none,id=hd0,readonly=on
-device isa-debug-exit
-device virtio-rng-pci
-virtfs local,path=/ws,mount_tag=0,security_model=none,multidevs=remap,id=hd0
-nic none
-vga none
-display none
-serial stdio
-monitor none
-no-reboot"
`);
  });

  it('doubles the commas of paths', () => {
    const args = qemuArguments({ ...VM, imagePath: '/a, b/x,readonly=off.img', workspace: '/w,x y' });
    expect(args).toContain('file=/a,, b/x,,readonly=off.img,format=raw,if=none,id=hd0,readonly=on');
    expect(args).toContain('local,path=/w,,x y,mount_tag=0,security_model=none,multidevs=remap,id=hd0');
  });

  it('waits for gdb on this machine only, and takes further arguments last', () => {
    expect(qemuArguments({ ...VM, gdbPort: 4321, extraArgs: ['-d', 'int'] }).slice(-5)).toEqual(['-gdb', 'tcp:127.0.0.1:4321', '-S', '-d', 'int']);
  });
});
