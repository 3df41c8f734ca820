import { z } from 'zod';
import { count, ipv4, ipv6, ports, size } from './values.js';

const nic = z
  .strictObject({
    IPAddress: ipv4.describe('Address of this interface.'),
    IPv6Address: ipv6.describe('IPv6 address of this interface.'),
    NetMask: ipv4.describe('Network mask of this interface.'),
    Gateway: ipv4.describe('Gateway of this interface.'),
    BridgeName: z.string().describe('Bridge on the host.'),
  })
  .partial();

/** `RunConfig`: how ops would run an image on this machine (ops types/config.go:286-412). */
export const runConfig = z
  .strictObject({
    Accel: z.boolean().describe('Use hardware acceleration; on unless `false`.'),
    AtExit: z.string().describe('Command to run on the host afterwards.'),
    AttachVolumeOnInstanceCreate: z.boolean().describe('Attach volumes when the instance is made.'),
    Background: z.boolean().describe('Run in the background.'),
    BackgroundDetach: z.boolean().describe('Run in the background, detached.'),
    BridgeIPAddress: z.string().describe('Address of the bridge.'),
    BridgeName: z.string().describe('Bridge on the host.'),
    Bridged: z.boolean().describe('Use a bridge.'),
    CanIPForward: z.boolean().describe('Let the instance forward packets.'),
    CPUs: count.describe('Processors under `ops run`. A node takes them from the deployment.'),
    Debug: z.boolean().describe('Wait for a debugger.'),
    GPUType: z.string().describe('Kind of GPU.'),
    GPUs: count.describe('GPUs under `ops run`. A node takes them from the deployment.'),
    Gateway: ipv4.describe('Gateway of the first interface.'),
    GdbPort: count.describe('Port of the debugger.'),
    IPAddress: ipv4.describe('Address of the first interface.'),
    IPv6Address: ipv6.describe('IPv6 address of the first interface.'),
    ImageName: z.string().describe('Path of the image to run.'),
    InstanceGroup: z.string().describe('Group of the instance.'),
    InstanceName: z.string().describe('Name of the instance.'),
    JSON: z.boolean().describe('Print JSON.'),
    Kernel: z.string().describe('Kernel to run with.'),
    Memory: size.describe('Memory under `ops run`, e.g. `"2g"`. A node takes it from the deployment.'),
    Mgmt: z.string().describe('Port for management.'),
    Mounts: z.array(z.string()).describe('Volumes to attach under `ops run`.'),
    NetMask: ipv4.describe('Network mask of the first interface.'),
    Nics: z.array(nic).describe('Network interfaces.'),
    Ports: z.array(ports).describe('TCP ports to forward.'),
    QMP: z.boolean().describe('Offer QEMU’s control socket.'),
    ShowDebug: z.boolean().describe('Print debug messages.'),
    ShowErrors: z.boolean().describe('Print errors.'),
    ShowWarnings: z.boolean().describe('Print warnings.'),
    TapName: z.string().describe('Tap device on the host.'),
    ThreadsPerCore: count.describe('Threads per core.'),
    UDPPorts: z.array(ports).describe('UDP ports to forward.'),
    Verbose: z.boolean().describe('Print more.'),
    Vga: z.boolean().describe('Give the machine a display.'),
    VolumeSizeInGb: count.describe('Size of the volume at OpenStack.'),
  })
  .partial();
