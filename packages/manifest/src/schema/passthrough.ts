import { z } from 'zod';
import { guestPath, ipAddress, ipv4, ipv6, netmask, numberText, numberTexts, size } from './values.js';

/** What may stand in `ManifestPassthrough`: texts, lists and objects. ops fails on numbers and `true` (ops fs/tfs.go:263-304). */
export type PassthroughValue = string | readonly PassthroughValue[] | { readonly [key: string]: PassthroughValue };

export const passthroughValue: z.ZodType<PassthroughValue> = z
  .lazy(() => z.union([z.string(), z.array(passthroughValue), z.record(z.string(), passthroughValue)]))
  .meta({ id: 'passthroughValue' });

/** A switch: present, it is on. `source` is a place in nanos at b9c3671d, below `src/kernel/` or `src/`. */
const flag = (description: string, source?: string): z.ZodString => z.string().meta({ description, examples: ['true'], source, isFlag: true });
const text = (description: string, example: string, source?: string): z.ZodString => z.string().meta({ description, examples: [example], source });
/** A whole number in quotes; without bounds unless given. */
const number = (description: string, example: string, source?: string, kind = numberText): z.ZodString => kind.meta({ description, examples: [example], source });

/** Any object: the kernel ignores other values. */
const tuple = (description: string, example: unknown) => z.record(z.string(), z.lazy(() => passthroughValue)).meta({ description, examples: [example] });

/** Some exit codes: `*`, `3`, `!0`, or a list of plain ones (nanos src/kernel/init.c:881-913). A list is read up to the first that is no number. */
const BYTE = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const exitCode = z.string().regex(new RegExp(`^(\\*|!?${BYTE})$`), 'must be `*`, an exit code from 0 to 255, or `!` and one');
/** The kernel takes any other text for "on failure" where it reboots, and "on success" where it idles. */
const exitCodeOrTrue = z.string().regex(new RegExp(`^(\\*|t|true|!?${BYTE})$`), 'must be `*`, `t`, an exit code from 0 to 255, or `!` and one');
const exitCodeList = z.array(numberTexts.byte);
const exitCodes = z.union([exitCodeOrTrue, exitCodeList]);

/** Keys whose presence alone turns something on, whatever their value: `"false"` too. */
const presenceFlags = {
  readonly_rootfs: flag('Makes the root file system read-only. Mandatory on a node, which attaches the image read-only.', 'stage3.c:69'),
  debug_exit: flag('Ends QEMU with the program’s exit code.', 'init.c:945'),
  exec_protection: flag('Maps only executable files as executable, and none of those as writable.', 'unix/unix.c:782'),
  program_overwrite: flag('Lets the program’s file be written to; without effect under `exec_protection`.', 'unix/unix.c:785'),
  noaslr: flag('Loads the program at the same address each time.', 'unix/exec.c:371, unix/mmap.c:1582'),
  fault: flag('Prints a dump when the program faults.', 'unix/unix.c:410'),
  gdb: flag('Waits for a debugger before the program starts.', 'unix/exec.c:199'),
  ltrace: flag('Traces calls into libraries.', 'unix/exec.c:412,439'),
  static_map_program: flag('Maps the whole program at once.', 'unix/exec.c:413,561'),
  ingest_program_symbols: flag('Reads the program’s symbols, for traces.', 'unix/exec.c:508'),
  ingest_kernel_symbols: flag('Reads the kernel’s symbols, for traces.', 'init.c:312'),
  missing_files: flag('Prints at the end which files the program did not find.', 'unix/syscall.c:2635'),
  klib_test: flag('Runs the klib tests.', 'klib.c:354'),
  futex_trace: flag('Traces futexes; read by old kernels only.', 'nanos README'),
} as const;

/** Keys of the kernel that carry a value. */
const kernelSettings = {
  cwd: guestPath.meta({ description: 'Working folder of the program; it must exist in the image.', examples: ['/workspace'], source: 'unix/exec.c:448' }),
  log_level: z
    .enum(['err', 'warn', 'info'], 'must be `err`, `warn` or `info`')
    .meta({ description: 'What the kernel prints, since November 2024.', examples: ['info'], source: 'init.c:297, log.c:149' }),
  trace: z
    .string()
    .regex(/^[^,\s]+(,[^,\s]+)*$/, 'must be words with commas between them, e.g. `threadrun,pf`')
    .meta({ description: 'What to trace: `all`, or a list such as `threadrun,pf`.', examples: ['all'], source: 'unix/exec.c:447, log.c:9' }),
  transparent_hugepage: z
    .enum(['never'], 'must be `never`, the only value that has an effect')
    .meta({ description: '`never` turns large pages off.', examples: ['never'], source: 'unix/mmap.c:1584-1592' }),
  coredumplimit: size.meta({ description: 'Largest core dump, e.g. `64m`.', examples: ['64m'], source: 'unix/unix.c:722' }),
  mmap_min_addr: number('Lowest address that may be mapped; a page unless given.', '4096', 'unix/mmap.c:1598'),
  so_rcvbuf: number('Receive buffer of a socket in bytes; 212992 unless given, at least 256.', '212992', 'net/netsyscall.c:2904', numberTexts.from256),
  telnet_mgmt: flag('Management over telnet, where the kernel was built with it.', 'src/runtime/management.c:517'),
  expected_exit_code: z.union([exitCode, exitCodeList]).meta({ description: 'Exit codes that count as success.', examples: ['0'], source: 'init.c:881-949' }),
  reboot_on_exit: exitCodes.meta({ description: 'Exit codes after which the machine starts again.', examples: ['!0'], source: 'init.c:881-949' }),
  idle_on_exit: exitCodes.meta({ description: 'Exit codes after which the machine idles.', examples: ['0'], source: 'init.c:881-949' }),
  tracelog: z
    .object({
      disable: flag('Present: no trace log.'),
      // read as a number: a unit would be cut off
      alloc_size: number('Size of its buffer in bytes.', '4194304'),
      trace_tags: tuple('Which tags to keep, each a key.', { pf: 'true' }),
      file: guestPath.meta({ description: 'Where to write it.', examples: ['/workspace/log'] }),
    })
    .partial()
    .catchall(passthroughValue)
    .meta({ description: 'Trace log, where the kernel was built with it.', examples: [{ file: '/workspace/trace' }], source: 'tracelog.c:654-671' }),
  consoles: z
    .array(z.enum(['+serial', '-serial', '+vga', '-vga', '+net', '-net'], 'must be `+` or `-` and `serial`, `vga` or `net`'))
    .meta({ description: 'Consoles to turn on or off.', examples: [['+serial', '-vga']], source: 'drivers/console.c:64-113' }),
  netconsole_ip: ipAddress.meta({ description: 'Where the network console sends to; 10.0.2.2 unless given.', examples: ['10.0.2.2'], source: 'drivers/netconsole.c:61-80' }),
  netconsole_port: number('Port of the network console; 4444 unless given.', '4444', 'drivers/netconsole.c:61-80', numberTexts.word),
  uname: z
    .object({ sysname: text('System name that the program sees.', 'Linux'), release: text('Release that the program sees.', '5.0-1') })
    .partial()
    .catchall(passthroughValue)
    .meta({ description: 'What `uname` gives.', examples: [{ release: '5.0-1' }], source: 'unix/syscall.c:1672' }),
} as const;

/** Keys of a network interface: at the top for the first, or under `en1`, `en2`, … (nanos src/net/net.c:234-400). */
const interfaceSettings = {
  ipaddr: ipv4.meta({ description: 'Address of the interface.', examples: ['10.0.0.2'] }),
  netmask: netmask.meta({ description: 'Network mask of the interface.', examples: ['255.255.255.0'] }),
  gateway: ipv4.meta({ description: 'Gateway of the interface.', examples: ['10.0.0.1'] }),
  ip6addr: ipv6.meta({ description: 'IPv6 address of the interface.', examples: ['fd00::2'] }),
  mtu: number('Largest packet of the interface in bytes.', '1500', undefined, numberTexts.word),
  default: flag('Makes this the default interface.'),
  exec_wait_for_ip4_secs: number('Seconds the start waits for an IPv4 address; the kernel makes 5 of 0 and of more than 180.', '10', undefined, numberTexts.from1To180),
  exec_wait_for_ip6_secs: number('Seconds the start waits for an IPv6 address; the kernel makes 5 of 0 and of more than 180.', '10', undefined, numberTexts.from1To180),
  'io-queues': number('Queues of a virtio network device.', '2', 'virtio/virtio_net.c:437', numberTexts.positive),
} as const;

const networkInterface = z.object(interfaceSettings).partial().catchall(passthroughValue).meta({ id: 'networkInterface' });
/** The kernel's names have one digit (nanos src/net/net.c, netif_name_cpy). */
const interfaces = Object.fromEntries(
  Array.from({ length: 9 }, (_, index) => [`en${index + 1}`, networkInterface.meta({ description: `Interface ${index + 1}.`, examples: [{ ipaddr: '10.0.0.2' }] })]),
);

/** An object of a klib; keys that are not listed pass, as in the passthrough itself. */
const object = <Shape extends z.ZodRawShape>(shape: Shape, description: string, example: unknown) =>
  z.object(shape).partial().catchall(passthroughValue).meta({ description, examples: [example] });
const objects = <Shape extends z.ZodRawShape>(shape: Shape, description: string, example: unknown) =>
  z.array(z.object(shape).partial().catchall(passthroughValue)).meta({ description, examples: [[example]] });
/** The kernel ignores a single name. */
const names = z.array(z.string().min(1, 'must not be empty'));
const source = z.string().regex(/^https?:\/\/[^/:]+(:\d+)?(\/|$)/, 'must be an address that begins with `http://` or `https://`').meta({ description: 'Where to fetch from.', examples: ['http://10.0.2.2/a'] });

/** Keys that a klib reads: without it in `Klibs` they do nothing. */
const klibSettings = {
  // klib/strace.c:894-904
  debugsyscalls: flag('Prints each system call.', 'klib/strace.c:894-902').meta({ klib: 'strace' }),
  notrace: names.meta({ description: 'System calls not to print.', examples: [['futex']], source: 'klib/strace.c:894-902', klib: 'strace' }),
  tracelist: names.meta({ description: 'The only system calls to print.', examples: [['openat']], source: 'klib/strace.c:894-902', klib: 'strace' }),
  syscall_summary: flag('Prints at the end how often each system call was made.', 'klib/strace.c:904').meta({ klib: 'strace' }),

  // the klib refuses options that it does not know, and the boot fails
  syslog: z
    .strictObject({
      file: guestPath.meta({ description: 'File to write to.', examples: ['/workspace/log'] }),
      file_max_size: size.meta({ description: 'Size at which the file is rotated.', examples: ['1m'] }),
      file_rotate: number('How many old files are kept.', '5', undefined, numberTexts.to9),
      server: text('Server to send to.', 'logs.example'),
      server_port: number('Port of the server.', '514', undefined, numberTexts.word),
    })
    .partial()
    .meta({ description: 'Where the console’s text is logged.', examples: [{ file: '/workspace/log' }], source: 'klib/syslog.c:359-437', klib: 'syslog' }),

  ntp_servers: z.array(z.string().regex(/^[^:\s]+(:\d{1,5})?$/, 'must be a name or an address, with or without a port')).meta({ description: 'Time servers, as `name` or `name:port`.', examples: [['time.example']], source: 'klib/ntp.c:802-918', klib: 'ntp' }),
  ntp_poll_min: number('Shortest poll interval, as a power of two of seconds.', '4', 'klib/ntp.c:802-918', numberTexts.from4To17).meta({ klib: 'ntp' }),
  ntp_poll_max: number('Longest poll interval, as a power of two of seconds.', '10', 'klib/ntp.c:802-918', numberTexts.from4To17).meta({ klib: 'ntp' }),
  ntp_reset_threshold: number('Seconds of difference from which the clock is set at once.', '1', 'klib/ntp.c:802-918').meta({ klib: 'ntp' }),
  ntp_max_slew_ppm: number('Largest correction of the clock, in parts of a million.', '500000', 'klib/ntp.c:802-918', numberTexts.zeroOrFrom500000).meta({ klib: 'ntp' }),
  ntp_max_freq_ppm: number('Largest correction of the clock’s frequency, in parts of a million.', '100000', 'klib/ntp.c:802-918', numberTexts.zeroOrFrom100000).meta({ klib: 'ntp' }),
  chrony: object({ refclock: z.enum(['ptp'], 'must be `ptp`').meta({ description: 'Reference clock.', examples: ['ptp'] }) }, 'Reference clock instead of a server.', { refclock: 'ptp' }).meta({ source: 'klib/ntp.c:802-918', klib: 'ntp' }),

  // packaging adds the klib where it is needed, as ops does
  firewall: object(
    {
      rules: objects({ action: z.enum(['accept', 'drop'], 'must be `accept` or `drop`').meta({ description: 'What to do; `drop` unless given.', examples: ['accept'] }) }, 'Rules, in order.', { action: 'accept' }),
      dynamic_rules: z.array(z.enum(['radar'], 'must be `radar`')).meta({ description: 'Where rules are fetched from.', examples: [['radar']] }),
    },
    'Packet filter; packaging adds its klib.',
    { rules: [{ action: 'accept' }] },
  ).meta({ source: 'klib/firewall.c:784' }),
  cloud_init: object(
    {
      download: objects({ src: source, dest: text('Where the file goes.', '/a') }, 'Files to fetch.', { src: 'http://10.0.2.2/a', dest: '/a' }),
      download_env: objects({ src: source }, 'Environment to fetch.', { src: 'http://10.0.2.2/env' }),
    },
    'What is fetched before the program starts.',
    { download: [{ src: 'http://10.0.2.2/a', dest: '/a' }] },
  ).meta({ source: 'klib/cloud_init.c:671', klib: 'cloud_init' }),
  tun: z
    .record(
      z.string(),
      object(
        {
          ipaddress: ipv4.meta({ description: 'Address of the interface.', examples: ['10.0.0.2'] }),
          netmask: netmask.meta({ description: 'Network mask of the interface.', examples: ['255.255.255.0'] }),
          mtu: number('Largest packet in bytes.', '1500', undefined, numberTexts.word),
          up: flag('Present: the interface is up from the start.'),
        },
        'One interface.',
        { ipaddress: '10.0.0.2' },
      ),
    )
    .meta({ description: 'Tunnel interfaces by name.', examples: [{ tun0: { ipaddress: '10.0.0.2' } }], source: 'klib/tun.c:244', klib: 'tun' }),
  sandbox: object({ pledge: tuple('Offers `pledge`.', {}), unveil: tuple('Offers `unveil`.', {}) }, 'How the program can restrict itself.', { pledge: {} }).meta({
    source: 'klib/sandbox.c:28',
    klib: 'sandbox',
  }),
  special_files: object({ disks: tuple('Lists the disks in `/sys/devices/disks`.', {}) }, 'More files of the kernel.', { disks: {} }).meta({ source: 'klib/special_files.c:73', klib: 'special_files' }),
  userdata: object(
    { save_to_file: guestPath.meta({ description: 'File to save it to.', examples: ['/workspace/userdata'] }) },
    'Data of the instance.',
    { save_to_file: '/workspace/userdata' },
  ).meta({ source: 'klib/userdata.c:606', klib: 'userdata' }),
  cloudwatch: object(
    {
      mem_metrics_interval: number('Seconds between measurements of memory.', '60'),
      logging: object({ log_group: text('Group of the log.', 'provers'), log_stream: text('Stream of the log.', 'one') }, 'Where the log goes.', { log_group: 'provers' }),
    },
    'Metrics and log at AWS.',
    { mem_metrics_interval: '60' },
  ).meta({ source: 'klib/cloudwatch.c:830', klib: 'cloudwatch' }),
  gcp: object(
    {
      logging: object({ log_id: text('Name of the log.', 'prover') }, 'Where the log goes.', { log_id: 'prover' }),
      metrics: object(
        {
          interval: number('Seconds between measurements.', '60', undefined, numberTexts.from60),
          disk: object({ include_readonly: flag('Present: read-only disks too.') }, 'Measurements of disks.', { include_readonly: 'true' }),
        },
        'What is measured.',
        { interval: '60' },
      ),
    },
    'Metrics and log at Google Cloud.',
    { logging: { log_id: 'prover' } },
  ).meta({ source: 'klib/gcp.c:860', klib: 'gcp' }),
  azure: object(
    {
      diagnostics: object(
        {
          storage_account: text('Account that takes them.', 'logs'),
          storage_account_sas: text('Access token of the account.', 'sv=…'),
          metrics: object(
            {
              sample_interval: number('Seconds between measurements.', '15', undefined, numberTexts.from15),
              transfer_interval: number('Seconds between transfers.', '60', undefined, numberTexts.from60),
            },
            'What is measured.',
            { sample_interval: '15' },
          ),
        },
        'Diagnostics.',
        { storage_account: 'logs' },
      ),
    },
    'Diagnostics at Azure.',
    { diagnostics: { storage_account: 'logs' } },
  ).meta({ source: 'klib/azure.c:33', klib: 'azure' }),
  digitalocean: object(
    { metrics: object({ interval: number('Seconds between measurements.', '60', undefined, numberTexts.from60) }, 'What is measured.', { interval: '60' }) },
    'Metrics at DigitalOcean.',
    { metrics: { interval: '60' } },
  ).meta({ source: 'klib/digitalocean.c:467', klib: 'digitalocean' }),
} as const;

/**
 * `ManifestPassthrough`: attributes of the image's root, read by the kernel (nanos b9c3671d). Keys that are not listed pass here, since they do no
 * harm; `checkManifest` reports them.
 */
export const passthrough = z.object({ ...presenceFlags, ...kernelSettings, ...interfaceSettings, ...interfaces, ...klibSettings }).partial().catchall(passthroughValue);
