/** Values of a key: within its rule, and just beyond. */
export interface ValueRow {
  readonly good: readonly unknown[];
  readonly bad: readonly unknown[];
}

const guestPath: ValueRow = { good: ['/a', '/', '/a/..b'], bad: ['a', '', '/a/', '//a', '/a/../b', '/a/.'] };
const hostPath: ValueRow = { good: ['a', '../a', '/a'], bad: [''] };
const size: ValueRow = { good: ['0', '1000', '32m', '1G', '7k'], bad: ['', 'm', '32 m', '32mb', '1t', '0.5g', '-1', '1 GiB'] };
const ipv4: ValueRow = { good: ['10.0.0.2', '255.255.255.255', '0.0.0.0'], bad: ['', '10.0.0', '10.0.0.256', '10.0.0.0/8', '::1', 'host', '010.0.0.1'] };
const ipv6: ValueRow = { good: ['fd00::2', '::'], bad: ['', '10.0.0.2', 'fd00::2/64', 'fd00:::2', 'host'] };
const mask: ValueRow = {
  good: ['255.255.255.0', '255.255.255.255', '255.255.254.0', '255.0.0.0', '128.0.0.0', '0.0.0.0'],
  bad: ['', '255.0.255.0', '255.255.255.1', '255.255.253.0', '24', '/24', '0.255.255.255'],
};
const count: ValueRow = { good: [0, 1], bad: [-1, 0.5, 1e300] };
const portNumber: ValueRow = { good: [0, 65_535], bad: [-1, 65_536, 0.5] };
const port: ValueRow = { good: ['0', '1', '9999', '10000', '65535'], bad: ['', '65536', '70000', '100000', '-1', '080', 'http', '80 '] };
const portRanges: ValueRow = {
  good: [['0'], ['65535'], ['70-80', '443'], ['0-65535'], []],
  bad: [[''], ['65536'], ['70-65536'], ['65536-70'], ['80-'], ['-80'], ['80-90-99'], ['80,81'], ['80:81'], ['http'], ['80/tcp'], ['123456'], [80]],
};
const wholeNumber: ValueRow = { good: ['0', '4096'], bad: ['', '-1', '1.5', '4k', '0x10', 'many'] };
const from60: ValueRow = { good: ['60', '99', '100', '3600'], bad: ['', '0', '59', '1m', '060'] };
const names: ValueRow = { good: [[], ['futex', 'openat']], bad: ['futex', [''], [['futex']]] };
const seconds: ValueRow = { good: ['1', '99', '100', '179', '180'], bad: ['', '0', '181', '200', '1000', '5s'] };
const networkInterface: Readonly<Record<string, ValueRow>> = {
  ipaddr: ipv4,
  netmask: mask,
  gateway: ipv4,
  ip6addr: ipv6,
  mtu: port,
  exec_wait_for_ip4_secs: seconds,
  exec_wait_for_ip6_secs: seconds,
  'io-queues': { good: ['1', '10'], bad: ['', '0', '-1', 'all'] },
};

/** Good and bad values of every key of a manifest that has a rule; the others take any value of their type. */
export const valueTable: Readonly<Record<string, ValueRow>> = {
  Program: { good: ['my_prover', 'bin/my_prover', '/bin/p', './p', '..p'], bad: ['', '/', 'bin/', '.', '..', 'bin/..', './.'] },
  Mounts: {
    good: [{ '%0': '/workspace' }, { '%12': '/a:ro' }, { data: '/a/b.c/d' }, { './ws': '/a' }, { '%1': '/a/..b' }],
    bad: [{ '': '/a' }, { '%': '/a' }, { '%x': '/a' }, { '%1 ': '/a' }, { '%1': '/' }, { '%1': 'a' }, { '%1': '/a/' }, { '%1': '/a:rw' }, { '%1': '/a:ro:x' }, { '%1': '/a/..:ro' }],
  },
  Files: { good: [['a'], []], bad: [[''], 'a b', [['a']], [1]] },
  Dirs: { good: [['a'], []], bad: [[''], [null]] },
  MapDirs: { good: [{ 'a/*': '/' }, { 'a/*': '/b' }], bad: [{ '': '/a' }, { 'a/*': '' }, { 'a/*': 'b' }, { 'a/*': '/b/' }, { 'a/*': '/../b' }] },
  BaseVolumeSz: size,
  Klibs: { good: [['ntp']], bad: [[''], ['ntp', 1]] },
  Debugflags: { good: [['fault']], bad: [[''], [true]] },
  NameServers: { good: [['1.1.1.1', '2606:4700::1111'], []], bad: [['dns.example'], ['1.1.1'], ['']] },
  Kernel: hostPath,
  KlibDir: hostPath,
  Boot: hostPath,
  TargetRoot: hostPath,
  UefiBoot: hostPath,

  'RunConfig.BridgeIPAddress': ipv4,
  'RunConfig.CPUs': count,
  'RunConfig.GPUs': count,
  'RunConfig.Gateway': ipv4,
  'RunConfig.GdbPort': portNumber,
  'RunConfig.IPAddress': ipv4,
  'RunConfig.IPv6Address': ipv6,
  'RunConfig.Memory': size,
  'RunConfig.Mgmt': port,
  'RunConfig.NetMask': mask,
  'RunConfig.Nics.0.IPAddress': ipv4,
  'RunConfig.Nics.0.IPv6Address': ipv6,
  'RunConfig.Nics.0.NetMask': mask,
  'RunConfig.Nics.0.Gateway': ipv4,
  'RunConfig.Ports': portRanges,
  'RunConfig.ThreadsPerCore': count,
  'RunConfig.UDPPorts': portRanges,
  'RunConfig.VolumeSizeInGb': count,

  'CloudConfig.RootVolume.iops': count,
  'CloudConfig.RootVolume.size': count,
  'CloudConfig.RootVolume.throughput': count,

  'ManifestPassthrough.cwd': guestPath,
  'ManifestPassthrough.log_level': { good: ['err', 'warn', 'info'], bad: ['', 'debug', 'Info', 'warning'] },
  'ManifestPassthrough.trace': { good: ['all', 'threadrun,pf'], bad: ['', ',pf', 'pf,', 'pf, all'] },
  'ManifestPassthrough.transparent_hugepage': { good: ['never'], bad: ['', 'always', 'madvise', 'Never'] },
  'ManifestPassthrough.coredumplimit': size,
  'ManifestPassthrough.mmap_min_addr': wholeNumber,
  'ManifestPassthrough.so_rcvbuf': { good: ['256', '299', '300', '999', '1000', '212992'], bad: ['', '0', '255', '0256', '64k', 'many'] },
  'ManifestPassthrough.expected_exit_code': {
    good: ['*', '0', '255', '!0', ['0', '101'], []],
    bad: ['', 't', 'true', '256', '!256', '-1', '!', '!*', '1,2', 'one', ['!2'], ['*'], ['256']],
  },
  'ManifestPassthrough.reboot_on_exit': { good: ['*', 't', 'true', '255', '!0', ['1']], bad: ['', 'f', 'false', '256', ['t']] },
  'ManifestPassthrough.idle_on_exit': { good: ['*', 't', 'true', '255', '!0', ['1']], bad: ['', 'f', 'false', '256', ['!0']] },
  'ManifestPassthrough.tracelog.alloc_size': wholeNumber,
  'ManifestPassthrough.tracelog.file': guestPath,
  'ManifestPassthrough.consoles': { good: [['+serial', '-vga', '+net'], []], bad: ['+net', ['net'], ['+tty'], ['+'], ['']] },
  'ManifestPassthrough.netconsole_ip': { good: ['10.0.2.2', 'fd00::2'], bad: ['', 'host', '10.0.2'] },
  'ManifestPassthrough.netconsole_port': port,
  ...below('ManifestPassthrough', networkInterface),
  ...Object.assign({}, ...['en1', 'en2', 'en9'].map((name) => below(`ManifestPassthrough.${name}`, networkInterface))) as Record<string, ValueRow>,

  'ManifestPassthrough.notrace': names,
  'ManifestPassthrough.tracelist': names,
  'ManifestPassthrough.syslog.file': guestPath,
  'ManifestPassthrough.syslog.file_max_size': size,
  'ManifestPassthrough.syslog.file_rotate': { good: ['0', '9'], bad: ['', '10', '-1', '1k'] },
  'ManifestPassthrough.syslog.server_port': port,
  'ManifestPassthrough.ntp_servers': { good: [['time.example'], ['10.0.0.1:123']], bad: ['time.example', [''], ['a:b'], ['a b']] },
  'ManifestPassthrough.ntp_poll_min': { good: ['4', '9', '10', '17'], bad: ['', '3', '18', '04'] },
  'ManifestPassthrough.ntp_poll_max': { good: ['4', '9', '10', '17'], bad: ['', '3', '18', '20'] },
  'ManifestPassthrough.ntp_reset_threshold': wholeNumber,
  'ManifestPassthrough.ntp_max_slew_ppm': { good: ['0', '500000', '999999', '1000000'], bad: ['', '1', '500', '499999', '-1'] },
  'ManifestPassthrough.ntp_max_freq_ppm': { good: ['0', '100000', '999999', '1000000'], bad: ['', '1', '99999', '-1'] },
  'ManifestPassthrough.chrony.refclock': { good: ['ptp'], bad: ['', 'pps'] },
  'ManifestPassthrough.firewall.rules.0.action': { good: ['accept', 'drop'], bad: ['', 'ACCEPT', 'allow'] },
  'ManifestPassthrough.firewall.dynamic_rules': { good: [['radar'], []], bad: ['radar', ['other']] },
  'ManifestPassthrough.cloud_init.download.0.src': { good: ['http://10.0.2.2/a', 'https://a.example:8443/b', 'http://a'], bad: ['', 'a', 'ftp://a/b', 'http://', 'http://a:b/'] },
  'ManifestPassthrough.cloud_init.download_env.0.src': { good: ['http://10.0.2.2/a'], bad: ['', 'file:///a'] },
  'ManifestPassthrough.tun.tun0.ipaddress': ipv4,
  'ManifestPassthrough.tun.tun0.netmask': mask,
  'ManifestPassthrough.tun.tun0.mtu': port,
  'ManifestPassthrough.userdata.save_to_file': guestPath,
  'ManifestPassthrough.cloudwatch.mem_metrics_interval': wholeNumber,
  'ManifestPassthrough.gcp.metrics.interval': from60,
  'ManifestPassthrough.azure.diagnostics.metrics.sample_interval': { good: ['15', '19', '20', '100'], bad: ['', '0', '14', 'PT1M'] },
  'ManifestPassthrough.azure.diagnostics.metrics.transfer_interval': from60,
  'ManifestPassthrough.digitalocean.metrics.interval': from60,
};

function below(prefix: string, rows: Readonly<Record<string, ValueRow>>): Record<string, ValueRow> {
  return Object.fromEntries(Object.entries(rows).map(([key, row]) => [`${prefix}.${key}`, row]));
}

/** A document with a value at a path such as `RunConfig.Nics.0.IPAddress`. */
export function documentWith(path: string, value: unknown): unknown {
  return path.split('.').reduceRight((inner, key) => (key === '0' ? [inner] : { [key]: inner }), value);
}
