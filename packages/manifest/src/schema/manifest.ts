import { z } from 'zod';
import { cloudConfig } from './cloud-config.js';
import { type PassthroughValue, passthrough } from './passthrough.js';
import { runConfig } from './run-config.js';
import { guestPath, hostPath, ipAddress, mountPoint, mounted, size } from './values.js';

const key = z.string().min(1, 'must not be empty');

/**
 * The keys of a manifest, which are those of an ops configuration, in exactly this spelling. This is what the JSON schema and the reference are made
 * of, and the types: it is not loaded to check a manifest. `source` is a place in ops at bb2d9ce, a line of `types/config.go` unless named.
 */
export const manifestSchema = z
  .strictObject({
    Program: z
      .string()
      .regex(/^(.*\/)?(?!\.{1,2}$)[^/]+$/, 'must end with the name of a program')
      .meta({ description: 'Name of the program, and its path inside the image. Stands above the command line’s argument.', examples: ['my_prover'], source: '96; cmd/cmd_build.go:42' }),
    Args: z
      .array(z.string())
      .meta({ description: 'Arguments of the program, after its own name.', default: [], examples: [['--size', '10']], source: '11; cmd/flags_build_image.go:101' }),
    Env: z
      .record(z.string(), z.string())
      .meta({ description: 'Environment of the program. Values are strings.', default: {}, examples: [{ RUST_LOG: 'info' }], source: '47; lepton/image.go:336-351' }),
    Mounts: z.record(mounted, mountPoint).meta({
      description: 'What is mounted where: `%0` is the first folder that the host shares. A node shares one, the workspace.',
      default: {},
      examples: [{ '%0': '/workspace' }],
      source: '77; provider/onprem/onprem_volume.go:243-310',
    }),
    ManifestPassthrough: passthrough.meta({
      description: 'Attributes that the kernel reads. Values are strings, lists or objects.',
      default: {},
      examples: [{ readonly_rootfs: 'true', debug_exit: 'true' }],
      source: '93; lepton/image.go:454',
    }),
    Files: z
      .array(hostPath)
      .meta({ description: 'Files to pack, under the same path inside the image.', default: [], examples: [['params/srs.bin']], source: '50; lepton/image.go:275-287' }),
    Dirs: z
      .array(hostPath)
      .meta({ description: 'Folders to pack with all they hold, under the same path inside the image.', default: [], examples: [['params']], source: '43; lepton/image.go:313' }),
    MapDirs: z.record(key, guestPath).meta({
      description: 'Files to pack elsewhere: a path with `*` on this machine, and the folder inside the image.',
      default: {},
      examples: [{ 'target/params/*': '/params' }],
      source: '74; lepton/image.go',
    }),
    BaseVolumeSz: size.meta({ description: 'The image is made at least this large; as small as possible unless given.', examples: ['32m'], source: '18; fs/mkfs.go:156-188' }),
    Klibs: z
      .array(z.string().min(1, 'must not be empty'))
      .meta({ description: 'Kernel libraries to load, from the Nanos release or from `KlibDir`.', default: [], examples: [['ntp']], source: '69; fs/manifest.go:142-165' }),
    Debugflags: z
      .array(z.string().min(1, 'must not be empty'))
      .meta({ description: 'Flags of `ManifestPassthrough` to turn on.', default: [], examples: [['missing_files']], source: '40' }),
    NoTrace: z.array(z.string()).meta({ description: 'System calls that a trace leaves out.', default: [], examples: [['futex']], source: '90' }),
    NameServers: z
      .array(ipAddress)
      .meta({ description: 'Name servers in `/etc/resolv.conf`.', default: ['8.8.8.8'], examples: [['1.1.1.1']], source: '81' }),
    RebootOnExit: z
      .boolean()
      .meta({ description: 'Starts the machine again when the program ends. A node then loses the task.', default: false, examples: [false], source: '104' }),
    Kernel: hostPath.meta({ description: 'Kernel instead of the Nanos release’s.', examples: ['nanos/kernel.img'], source: '63; fs/manifest.go:189-198' }),
    KlibDir: hostPath.meta({ description: 'Folder of klibs instead of the Nanos release’s: every klib that is used must be in it.', examples: ['nanos/klibs'], source: '66; fs/manifest.go:142-165' }),

    Boot: hostPath.meta({ description: 'Boot loader instead of the Nanos release’s.', examples: ['nanos/boot.img'], source: '21' }),
    TargetRoot: hostPath.meta({ description: 'Folder in which shared libraries are looked for.', examples: ['sysroot'], source: '114' }),
    NightlyBuild: z.boolean().meta({ description: 'Use the nightly Nanos release.', default: false, examples: [false], source: '87' }),
    TFSv4: z.boolean().meta({ description: 'Write the old version of the file system.', default: false, examples: [false], source: '117' }),
    Uefi: z.boolean().meta({ description: 'Make an image that UEFI boots.', default: false, examples: [false], source: '27' }),
    UefiBoot: hostPath.meta({ description: 'Boot loader for UEFI.', examples: ['nanos/bootx64.efi'], source: '24' }),

    NanosVersion: z.string().meta({ description: 'Has no effect in ops either; the settings choose the version.', examples: ['0.1.54'], source: '84; cmd/flags_nanos_version.go:101-103' }),
    DisableArgsCopy: z.boolean().meta({ description: 'Do not pack files that arguments of `ops run` name.', default: false, examples: [true], source: '14' }),
    BuildDir: z.string().meta({ description: 'Folder for ops’s temporary files.', examples: ['/tmp/ops'], source: '30' }),
    Force: z.boolean().meta({ description: 'Overwrite an image of the same name.', default: false, examples: [true], source: '53' }),
    home: z.string().meta({ description: 'ops’s home folder.', examples: ['/home/me'], source: '60' }),
    LocalFilesParentDirectory: z.string().meta({ description: 'Set by ops itself.', default: '.', examples: ['.'], source: '111; cmd/flags_config.go' }),
    ProgramPath: z.string().meta({ description: 'Set by ops itself.', examples: ['/home/me/my_prover'], source: '100' }),
    VolumesDir: z.string().meta({ description: 'Folder of ops’s volumes.', examples: ['/home/me/.ops/volumes'], source: '129' }),
    PackageBaseURL: z.string().meta({ description: 'Where ops fetches packages.', examples: ['https://repo.ops.city/v2/packages'], source: '132' }),
    PackageManifestURL: z.string().meta({ description: 'Where ops fetches the list of packages.', examples: ['https://repo.ops.city/v2/manifest.json'], source: '135' }),
    Description: z.string().meta({ description: 'Description of an ops package.', examples: ['A prover'], source: '126' }),
    Language: z.string().meta({ description: 'Language of an ops package.', examples: ['rust'], source: '123' }),
    Version: z.string().meta({ description: 'Version of an ops package.', examples: ['1.0.0'], source: '120' }),

    $schema: z.string().meta({ description: 'Schema of the file, for editors. ops refuses it; editors find the schema by the name of the file.', examples: ['./manifest.schema.json'] }),

    RunConfig: runConfig.meta({
      description: 'How `ops run` starts the image on this machine. Only its addresses and ports get into the image.',
      default: {},
      examples: [{ Memory: '2g', CPUs: 2 }],
      source: '107',
    }),
    CloudConfig: cloudConfig.meta({ description: 'Where ops uploads and runs the image.', default: {}, examples: [{ Platform: 'gcp' }], source: '33' }),
    TargetConfig: z
      .record(z.string(), z.string())
      .meta({ description: 'More settings for a cloud provider.', default: {}, examples: [{ profile: 'test' }], source: '37' }),
  })
  .partial()
  .meta({ title: 'Manifest of a Nanos image', description: 'How a program runs in a Nanos image: an ops configuration.' });

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

/** What a manifest says. */
export type Manifest = DeepReadonly<Omit<z.output<typeof manifestSchema>, 'ManifestPassthrough'>> & {
  /** Values of known keys have the form that the kernel wants; unknown keys are there too. */
  readonly ManifestPassthrough?: Readonly<Record<string, PassthroughValue>> | undefined;
};
