/** A file's text, `{ link }` for a link, `null` for a folder. */
export type Laid = string | { readonly link: string } | null;

/** A manifest with the files it names, which both engines are to make the same image of. */
export interface AgreementCase {
  readonly name: string;
  /** The keys of an ops configuration that it is about. */
  readonly keys: readonly string[];
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, Laid>>;
  /** Where the program lies, relative to the manifest; default `hello`. */
  readonly program?: string;
  /** Default `nanos`, which has the fewest rules. */
  readonly platform?: 'gevulot' | 'nanos';
}

const readOnly = { readonly_rootfs: 'true' };

/** Together they name every key that changes an image. */
export const agreementCases: readonly AgreementCase[] = [
  {
    name: 'documented',
    keys: ['Program', 'Mounts', 'ManifestPassthrough'],
    platform: 'gevulot',
    manifest: { Program: 'hello', Mounts: { '%1': '/workspace' }, ManifestPassthrough: { ...readOnly, debug_exit: 'true' } },
  },
  { name: 'nothing', keys: [], manifest: {} },
  { name: 'arguments', keys: ['Args'], manifest: { Args: ['--fast', 'a b', 'ü', '/', '.', '=', '-'], ManifestPassthrough: readOnly } },
  { name: 'environment', keys: ['Env'], manifest: { Env: { RUST_LOG: 'debug', Z: '1', A: 'ünicode = "quoted"', USER: 'me', PWD: '/workspace' }, ManifestPassthrough: readOnly } },
  {
    name: 'files',
    keys: ['Files'],
    files: { 'a.txt': 'a', 'sub/deep/b.txt': 'b', 'empty': '', 'sector.bin': 'x'.repeat(512), 'more.bin': 'x'.repeat(513), 'name with blanks ü': 'u' },
    manifest: { Files: ['a.txt', 'sub/deep/b.txt', 'empty', 'sector.bin', 'more.bin', 'name with blanks ü'], ManifestPassthrough: readOnly },
  },
  {
    name: 'system-files-of-ones-own',
    keys: ['Files'],
    files: { 'etc/passwd': 'me:x:1:1::/:\n', 'etc/resolv.conf': 'nameserver 10.0.0.1\n', 'proc/sys/kernel/hostname': 'prover' },
    manifest: { Files: ['etc/passwd', 'etc/resolv.conf', 'proc/sys/kernel/hostname'], ManifestPassthrough: readOnly },
  },
  {
    name: 'folders',
    keys: ['Dirs'],
    files: { 'data/a': 'a', 'data/sub/b': 'b', 'data/.hidden': 'h', 'data/nothing-here': null, 'data/to-b': { link: 'sub/b' }, 'data/sub/up': { link: '../a' } },
    manifest: { Dirs: ['data'], ManifestPassthrough: readOnly },
  },
  { name: 'folder-in-a-folder', keys: ['Dirs'], files: { 'x/y/z/file': 'z', 'x/not-this': 'n' }, manifest: { Dirs: ['x/y'], ManifestPassthrough: readOnly } },
  {
    name: 'mapped-folders',
    keys: ['MapDirs'],
    files: { 'static/index.html': '<p>', 'static/css/a.css': 'a', 'static/css/to-index': { link: '../index.html' }, 'static/none': null },
    manifest: { MapDirs: { 'static/*': '/srv/www' }, ManifestPassthrough: readOnly },
  },
  {
    name: 'mapped-pattern',
    keys: ['MapDirs'],
    files: { 'static/a.txt': 'a', 'static/b.bin': 'b', 'static/sub/c.txt': 'c', 'static/sub/d.bin': 'd', 'static/txt/e.bin': 'e' },
    manifest: { MapDirs: { 'static/*.txt': '/texts', 'static/[bd].bin': '/' }, ManifestPassthrough: readOnly },
  },
  { name: 'mounts', keys: ['Mounts'], files: { data: null }, manifest: { Mounts: { '%0': '/a', '%1': '/b/c:ro' }, ManifestPassthrough: readOnly } },
  { name: 'klibs', keys: ['Klibs', 'ManifestPassthrough'], manifest: { Klibs: ['ntp', 'tls'], ManifestPassthrough: { ...readOnly, ntp_servers: ['a.example:123', 'b.example'] } } },
  { name: 'kernel-of-ones-own', keys: ['Kernel'], files: { 'nanos/my-kernel.img': 'my kernel' }, manifest: { Kernel: 'nanos/my-kernel.img', ManifestPassthrough: readOnly } },
  { name: 'klibs-of-ones-own', keys: ['KlibDir'], files: { 'klibs/mine': 'my klib', 'klibs/tls': 'my tls' }, manifest: { KlibDir: 'klibs', Klibs: ['mine', 'tls'], ManifestPassthrough: readOnly } },
  { name: 'klib-that-needs-another', keys: ['Klibs'], manifest: { Klibs: ['cloud_init'], ManifestPassthrough: { ...readOnly, cloud_init: { download_env: [{ src: 'https://a.example' }] } } } },
  { name: 'firewall', keys: ['ManifestPassthrough'], manifest: { ManifestPassthrough: { ...readOnly, firewall: { rules: [{ ip: { src: '10.0.2.2' }, action: 'accept' }, { action: 'drop' }] } } } },
  { name: 'radar', keys: ['Env'], manifest: { Env: { RADAR_KEY: 'k' }, ManifestPassthrough: readOnly } },
  { name: 'flags', keys: ['Debugflags', 'NoTrace', 'RebootOnExit'], manifest: { Debugflags: ['noaslr', 'missing_files'], NoTrace: ['read', 'write'], RebootOnExit: true, ManifestPassthrough: readOnly } },
  {
    name: 'passthrough',
    keys: ['ManifestPassthrough'],
    manifest: {
      Klibs: ['syslog'],
      ManifestPassthrough: {
        ...readOnly,
        consoles: ['+serial', '-vga'],
        uname: { sysname: 'Linux', release: '6.1' },
        syslog: { server: '10.0.2.2', server_port: '514' },
        expected_exit_code: ['0', '3'],
        en3: { ipaddr: '10.0.3.2', mtu: '1400' },
        log_level: 'err',
      },
    },
  },
  { name: 'name-servers', keys: ['NameServers'], manifest: { NameServers: ['1.1.1.1', 'fd00::1'], ManifestPassthrough: readOnly } },
  { name: 'size', keys: ['BaseVolumeSz'], manifest: { BaseVolumeSz: '20m', ManifestPassthrough: readOnly } },
  { name: 'size-in-bytes', keys: ['BaseVolumeSz'], manifest: { BaseVolumeSz: '14000001', ManifestPassthrough: readOnly } },
  { name: 'address', keys: ['RunConfig.IPAddress', 'RunConfig.Gateway'], manifest: { RunConfig: { IPAddress: '10.0.2.15', Gateway: '10.0.2.2' }, ManifestPassthrough: readOnly } },
  { name: 'network-mask', keys: ['RunConfig.NetMask'], manifest: { RunConfig: { IPAddress: '10.0.2.15', NetMask: '255.0.0.0' }, ManifestPassthrough: readOnly } },
  { name: 'gateway-alone', keys: ['RunConfig.Gateway'], manifest: { RunConfig: { Gateway: '10.0.2.2' }, ManifestPassthrough: readOnly } },
  { name: 'ipv6-address', keys: ['RunConfig.IPv6Address'], manifest: { RunConfig: { IPv6Address: 'fd00::15' }, ManifestPassthrough: readOnly } },
  {
    name: 'interfaces',
    keys: ['RunConfig.Nics'],
    manifest: { RunConfig: { Nics: [{ IPAddress: '10.0.2.15', NetMask: '255.255.0.0' }, { IPAddress: '10.0.3.15', Gateway: '10.0.3.1' }, { BridgeName: 'br0' }] }, ManifestPassthrough: readOnly },
  },
  { name: 'ports', keys: ['RunConfig.Ports'], manifest: { RunConfig: { Ports: ['80', '8000-8010'], UDPPorts: ['53'] }, ManifestPassthrough: readOnly } },
  { name: 'program-in-a-folder', keys: ['Program'], program: 'target/release/hello', manifest: { Program: 'target/release/hello', ManifestPassthrough: readOnly } },
  { name: 'program-with-a-dot', keys: ['Program'], manifest: { Program: './hello', ManifestPassthrough: readOnly } },
  { name: 'dotted-name', keys: ['Program'], program: 'hel.lo', manifest: { Program: 'hel.lo', ManifestPassthrough: readOnly } },
  { name: 'image-name', keys: ['RunConfig.ImageName', 'CloudConfig'], manifest: { RunConfig: { ImageName: 'other', CPUs: 2, Memory: '1g' }, CloudConfig: { ImageName: 'cloudy' }, ManifestPassthrough: readOnly } },
  { name: 'writable-root', keys: ['ManifestPassthrough'], files: { 'data/a': 'a' }, manifest: { Dirs: ['data'] } },
];

/** Keys that change an image made by ops and that both engines refuse. */
export const refusedKeys: Readonly<Record<string, unknown>> = {
  Boot: 'boot.img',
  NightlyBuild: true,
  TFSv4: true,
  TargetRoot: 'sysroot',
  Uefi: true,
  UefiBoot: 'boot.efi',
};
