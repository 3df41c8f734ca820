import { z } from 'zod';
import { guestPath, ipv4, ipv6, numberText, size } from './values.js';

/** What may stand in `ManifestPassthrough`: texts, lists and objects. ops fails on numbers and `true` (ops fs/tfs.go:263-304). */
export type PassthroughValue = string | readonly PassthroughValue[] | { readonly [key: string]: PassthroughValue };

export const passthroughValue: z.ZodType<PassthroughValue> = z.lazy(() =>
  z.union([z.string(), z.array(passthroughValue), z.record(z.string(), passthroughValue)]),
);

const flag = (description: string): z.ZodString => z.string().describe(description);
const text = (description: string): z.ZodString => z.string().describe(description);

/** Some exit codes: `*`, `3`, `!0`, or a list (nanos src/kernel/init.c:881-949). */
const exitCode = z.string().regex(/^(\*|t|true|!?\d+)$/, 'must be `*`, an exit code, or `!` and an exit code');
const exitCodes = z.union([exitCode, z.array(exitCode)]);

/** Keys whose presence alone turns something on, whatever their value: `"false"` too. */
export const presenceFlags = {
  readonly_rootfs: flag('Makes the root file system read-only. Mandatory on a node, which attaches the image read-only.'), // stage3.c:69
  debug_exit: flag('Ends QEMU with the program’s exit code.'), // init.c:945
  exec_protection: flag('Maps only executable files as executable, and none of those as writable.'), // unix/unix.c:782
  program_overwrite: flag('Lets the program’s file be written to; without effect under `exec_protection`.'), // unix/unix.c:785
  noaslr: flag('Loads the program at the same address each time.'), // unix/exec.c:371, unix/mmap.c:1582
  fault: flag('Prints a dump when the program faults.'), // unix/unix.c:410
  gdb: flag('Waits for a debugger before the program starts.'), // unix/exec.c:199
  ltrace: flag('Traces calls into libraries.'), // unix/exec.c:412,439
  static_map_program: flag('Maps the whole program at once.'), // unix/exec.c:413,561
  ingest_program_symbols: flag('Reads the program’s symbols, for traces.'), // unix/exec.c:508
  ingest_kernel_symbols: flag('Reads the kernel’s symbols, for traces.'), // init.c:312
  missing_files: flag('Prints at the end which files the program did not find.'), // unix/syscall.c:2635
  klib_test: flag('Runs the klib tests.'), // klib.c:354
  futex_trace: flag('Traces futexes; read by old kernels only.'), // nanos README
} as const;

/** Keys of the kernel that carry a value. */
const kernelSettings = {
  cwd: guestPath.describe('Working folder of the program; it must exist in the image.'), // unix/exec.c:448
  log_level: z
    .enum(['err', 'warn', 'info'], 'must be `err`, `warn` or `info`')
    .describe('What the kernel prints, since November 2024.'), // init.c:297, log.c:149
  trace: text('What to trace: a list such as `all` or `threadrun,pf`.'), // unix/exec.c:447, log.c:9
  transparent_hugepage: text('`never` turns large pages off; other values have no effect.'), // unix/mmap.c:1584-1592
  coredumplimit: size.describe('Largest core dump, e.g. `64m`.'), // unix/unix.c:722
  mmap_min_addr: numberText.describe('Lowest address that may be mapped; a page unless given.'), // unix/mmap.c:1598
  so_rcvbuf: numberText.describe('Receive buffer of a socket in bytes; 212992 unless given, at least 256.'), // net/netsyscall.c:2904
  telnet_mgmt: text('Management over telnet, where the kernel was built with it.'), // src/runtime/management.c:517
  expected_exit_code: exitCodes.describe('Exit codes that count as success.'), // init.c:881-949
  reboot_on_exit: exitCodes.describe('Exit codes after which the machine starts again.'), // init.c:881-949
  idle_on_exit: exitCodes.describe('Exit codes after which the machine idles.'), // init.c:881-949
  tracelog: z
    .object({
      disable: flag('Present: no trace log.'),
      alloc_size: size.describe('Size of its buffer.'),
      trace_tags: text('Which tags to keep.'),
      file: guestPath.describe('Where to write it.'),
    })
    .partial()
    .catchall(passthroughValue)
    .describe('Trace log, where the kernel was built with it.'), // tracelog.c:654-671
  consoles: z
    .array(z.string().regex(/^[+-](serial|vga|net)$/, 'must be `+` or `-` and `serial`, `vga` or `net`'))
    .describe('Consoles to turn on or off, e.g. `["+serial", "-vga"]`.'), // drivers/console.c:64-113
  netconsole_ip: ipv4.describe('Where the network console sends to; 10.0.2.2 unless given.'), // drivers/netconsole.c:61-80
  netconsole_port: numberText.describe('Port of the network console; 4444 unless given.'), // drivers/netconsole.c:61-80
  exec_wait_for_ip4_secs: numberText.describe('Seconds the start waits for an IPv4 address; 5 for 0 and for more than 180.'), // net/net.c
  exec_wait_for_ip6_secs: numberText.describe('Seconds the start waits for an IPv6 address; 5 for 0 and for more than 180.'), // net/net.c
  'io-queues': numberText.describe('Queues of a virtio network device.'), // virtio/virtio_net.c:437
  uname: z
    .object({ sysname: text('System name that the program sees.'), release: text('Release that the program sees.') })
    .partial()
    .catchall(passthroughValue)
    .describe('What `uname` gives.'), // unix/syscall.c:1672
} as const;

/** Keys of a network interface: at the top for the first, or under `en1`, `en2`, … (nanos src/net/net.c:234-400). */
const interfaceSettings = {
  ipaddr: ipv4.describe('Address of the interface.'),
  netmask: ipv4.describe('Network mask of the interface.'),
  gateway: ipv4.describe('Gateway of the interface.'),
  ip6addr: ipv6.describe('IPv6 address of the interface.'),
  mtu: numberText.describe('Largest packet of the interface in bytes.'),
  default: text('Makes this the default interface.'),
} as const;

const klibObject = <Shape extends z.ZodRawShape>(shape: Shape, description: string) =>
  z.object(shape).partial().catchall(passthroughValue).describe(description);

/** Keys that a klib reads, by the klib's name: without it in `Klibs` they do nothing. */
export const klibSettings = {
  strace: {
    debugsyscalls: flag('Prints each system call.'), // klib/strace.c:894-902
    notrace: z.union([z.string(), z.array(z.string())]).describe('System calls not to print.'), // klib/strace.c:894-902
    tracelist: z.union([z.string(), z.array(z.string())]).describe('The only system calls to print.'), // klib/strace.c:894-902
    syscall_summary: flag('Prints at the end how often each system call was made.'), // klib/strace.c:904
  },
  syslog: {
    // the klib refuses options that it does not know, and the boot fails
    syslog: z
      .strictObject({
        file: guestPath.describe('File to write to.'),
        file_max_size: size.describe('Size at which the file is rotated.'),
        file_rotate: numberText.describe('How many old files are kept.'),
        server: text('Server to send to.'),
        server_port: numberText.describe('Port of the server.'),
      })
      .partial()
      .describe('Where the console’s text is logged.'), // klib/syslog.c:359-437
  },
  ntp: {
    ntp_servers: z.array(z.string()).describe('Time servers, as `name` or `name:port`.'), // klib/ntp.c:802-918
    ntp_poll_min: numberText.describe('Shortest poll interval, as a power of two of seconds.'),
    ntp_poll_max: numberText.describe('Longest poll interval, as a power of two of seconds.'),
    ntp_reset_threshold: numberText.describe('Seconds of difference from which the clock is set at once.'),
    ntp_max_slew_ppm: numberText.describe('Largest correction of the clock.'),
    ntp_max_freq_ppm: numberText.describe('Largest correction of the clock’s frequency.'),
    chrony: klibObject({ refclock: text('Reference clock, e.g. `ptp`.') }, 'Reference clock instead of a server.'),
  },
  firewall: {
    firewall: klibObject(
      {
        rules: passthroughValue.describe('Rules, in order.'),
        dynamic_rules: passthroughValue.describe('Rules made at run time.'),
      },
      'Packet filter.',
    ), // klib/firewall.c:784
  },
  cloud_init: {
    cloud_init: klibObject(
      {
        download: passthroughValue.describe('Files to fetch.'),
        download_env: passthroughValue.describe('Environment to fetch.'),
      },
      'What is fetched before the program starts.',
    ), // klib/cloud_init.c:671
  },
  tun: {
    tun: z
      .record(
        z.string(),
        klibObject(
          {
            ipaddress: ipv4.describe('Address of the interface.'),
            netmask: ipv4.describe('Network mask of the interface.'),
            mtu: numberText.describe('Largest packet in bytes.'),
            up: flag('Present: the interface is up from the start.'),
          },
          'One interface.',
        ),
      )
      .describe('Tunnel interfaces by name.'), // klib/tun.c:244
  },
  sandbox: {
    sandbox: klibObject(
      {
        pledge: passthroughValue.describe('Offers `pledge`.'),
        unveil: passthroughValue.describe('Offers `unveil`.'),
      },
      'How the program can restrict itself.',
    ), // klib/sandbox.c:28
  },
  special_files: {
    special_files: klibObject(
      { disks: passthroughValue.describe('Offers the disks as files.') },
      'More files under `/dev`.',
    ), // klib/special_files.c:73
  },
  userdata: {
    userdata: klibObject({ save_to_file: guestPath.describe('File to save it to.') }, 'Data of the instance.'), // klib/userdata.c:606
  },
  cloudwatch: {
    cloudwatch: klibObject(
      {
        mem_metrics_interval: numberText.describe('Seconds between measurements of memory.'),
        logging: klibObject({ log_group: text('Group of the log.'), log_stream: text('Stream of the log.') }, 'Where the log goes.'),
      },
      'Metrics and log at AWS.',
    ), // klib/cloudwatch.c:830
  },
  gcp: {
    gcp: klibObject(
      {
        logging: klibObject({ log_id: text('Name of the log.') }, 'Where the log goes.'),
        metrics: klibObject(
          {
            interval: numberText.describe('Seconds between measurements.'),
            disk: klibObject({ include_readonly: flag('Present: read-only disks too.') }, 'Measurements of disks.'),
          },
          'What is measured.',
        ),
      },
      'Metrics and log at Google Cloud.',
    ), // klib/gcp.c:860
  },
  azure: {
    azure: klibObject(
      {
        diagnostics: klibObject(
          {
            storage_account: text('Account that takes them.'),
            storage_account_sas: text('Access token of the account.'),
            metrics: klibObject(
              {
                sample_interval: numberText.describe('Seconds between measurements.'),
                transfer_interval: text('How often they are sent, as an ISO 8601 duration.'),
              },
              'What is measured.',
            ),
          },
          'Diagnostics.',
        ),
      },
      'Diagnostics at Azure.',
    ), // klib/azure.c:33
  },
  digitalocean: {
    digitalocean: klibObject(
      { metrics: klibObject({ interval: numberText.describe('Seconds between measurements.') }, 'What is measured.') },
      'Metrics at DigitalOcean.',
    ), // klib/digitalocean.c:467
  },
} as const;

const flagNames: ReadonlySet<string> = new Set([...Object.keys(presenceFlags), 'debugsyscalls', 'syscall_summary']);

/** Whether the presence of a key of `ManifestPassthrough` turns something on, whatever its value. */
export function isPresenceFlag(key: string): boolean {
  return flagNames.has(key);
}

/** Written by packaging itself; a value here would replace it (ops lepton/image.go:454, fs/manifest.go). */
export const reservedKeys: ReadonlySet<string> = new Set(['program', 'arguments', 'environment', 'mounts', 'klibs', 'children', 'boot']);

const { strace, syslog, ntp, firewall, cloud_init, tun, sandbox, special_files, userdata, cloudwatch, gcp, azure, digitalocean } = klibSettings;

/**
 * `ManifestPassthrough`: attributes of the image's root, read by the kernel (nanos b9c3671d; paths beside the keys are under its `src/kernel/` or `src/`).
 * Keys that are not listed pass here, since they do no harm; `checkManifest` reports them.
 */
export const passthrough = z
  .object({
    ...presenceFlags,
    ...kernelSettings,
    ...interfaceSettings,
    ...strace,
    ...syslog,
    ...ntp,
    ...firewall,
    ...cloud_init,
    ...tun,
    ...sandbox,
    ...special_files,
    ...userdata,
    ...cloudwatch,
    ...gcp,
    ...azure,
    ...digitalocean,
  })
  .partial()
  .catchall(passthroughValue);
