import { z } from 'zod';
import { count, ipv4, ipv6, netmask, numberTexts, portNumber, ports, size } from './values.js';

const nic = z
  .strictObject({
    IPAddress: ipv4.meta({ description: 'Address of this interface.', examples: ['10.0.0.2'] }),
    IPv6Address: ipv6.meta({ description: 'IPv6 address of this interface.', examples: ['fd00::2'] }),
    NetMask: netmask.meta({ description: 'Network mask of this interface.', examples: ['255.255.255.0'] }),
    Gateway: ipv4.meta({ description: 'Gateway of this interface.', examples: ['10.0.0.1'] }),
    BridgeName: z.string().meta({ description: 'Bridge on the host.', examples: ['br0'] }),
  })
  .partial();

/** A switch of `ops run`, off unless given. */
const off = (description: string) => z.boolean().meta({ description, default: false, examples: [true] });

/** `RunConfig`: how ops would run an image on this machine (ops types/config.go:286-412). */
export const runConfig = z
  .strictObject({
    Accel: z.boolean().meta({ description: 'Use hardware acceleration.', default: true, examples: [false] }),
    AtExit: z.string().meta({ description: 'Command to run on the host afterwards.', examples: ['date'] }),
    AttachVolumeOnInstanceCreate: off('Attach volumes when the instance is made.'),
    Background: off('Run in the background.'),
    BackgroundDetach: off('Run in the background, detached.'),
    BridgeIPAddress: ipv4.meta({ description: 'Address of the bridge.', examples: ['10.0.0.1'] }),
    BridgeName: z.string().meta({ description: 'Bridge on the host.', examples: ['br0'] }),
    Bridged: off('Use a bridge.'),
    CanIPForward: off('Let the instance forward packets.'),
    CPUs: count.meta({ description: 'Processors under `ops run`. A node takes them from the deployment.', default: 1, examples: [2] }),
    Debug: off('Wait for a debugger.'),
    GPUType: z.string().meta({ description: 'Kind of GPU.', default: '', examples: ['pci-passthrough'] }),
    GPUs: count.meta({ description: 'GPUs under `ops run`. A node takes them from the deployment.', default: 0, examples: [1] }),
    Gateway: ipv4.meta({ description: 'Gateway of the first interface.', examples: ['10.0.0.1'] }),
    GdbPort: portNumber.meta({ description: 'Port of the debugger.', default: 0, examples: [1234] }),
    IPAddress: ipv4.meta({ description: 'Address of the first interface.', examples: ['10.0.0.2'] }),
    IPv6Address: ipv6.meta({ description: 'IPv6 address of the first interface.', examples: ['fd00::2'] }),
    ImageName: z.string().meta({ description: 'Path of the image to run.', examples: ['my_prover.img'] }),
    InstanceGroup: z.string().meta({ description: 'Group of the instance.', examples: ['provers'] }),
    InstanceName: z.string().meta({ description: 'Name of the instance.', examples: ['prover-1'] }),
    JSON: off('Print JSON.'),
    Kernel: z.string().meta({ description: 'Kernel to run with.', examples: ['kernel.img'] }),
    Memory: size.meta({ description: 'Memory under `ops run`. A node takes it from the deployment.', default: '2G', examples: ['2g'] }),
    Mgmt: numberTexts.word.meta({ description: 'Port for management.', examples: ['9000'] }),
    Mounts: z.array(z.string()).meta({ description: 'Volumes to attach under `ops run`.', default: [], examples: [['data:/data']] }),
    NetMask: netmask.meta({ description: 'Network mask of the first interface.', examples: ['255.255.255.0'] }),
    Nics: z.array(nic).meta({ description: 'Network interfaces.', default: [], examples: [[{ IPAddress: '10.0.0.2' }]] }),
    Ports: z.array(ports).meta({ description: 'TCP ports to forward; `OPS_PORT` in the program’s environment.', default: [], examples: [['80', '8000-8010']] }),
    QMP: off('Offer QEMU’s control socket.'),
    ShowDebug: off('Print debug messages.'),
    ShowErrors: off('Print errors.'),
    ShowWarnings: off('Print warnings.'),
    TapName: z.string().meta({ description: 'Tap device on the host.', examples: ['tap0'] }),
    ThreadsPerCore: count.meta({ description: 'Threads per core.', default: 0, examples: [2] }),
    UDPPorts: z.array(ports).meta({ description: 'UDP ports to forward.', default: [], examples: [['53']] }),
    Verbose: off('Print more.'),
    Vga: off('Give the machine a display.'),
    VolumeSizeInGb: count.meta({ description: 'Size of the volume at OpenStack.', default: 0, examples: [10] }),
  })
  .partial();
