import { z } from 'zod';
import { cloudConfig } from './cloud-config.js';
import { type PassthroughValue, passthrough } from './passthrough.js';
import { runConfig } from './run-config.js';
import { guestPath, hostPath, ipAddress, mountPoint, size } from './values.js';

const key = z.string().min(1, 'must not be empty');

/** The keys of a manifest, which are those of an ops configuration (ops types/config.go at bb2d9ce), in exactly this spelling. */
export const manifestSchema = z
  .strictObject({
    Program: z
      .string()
      .regex(/[^/]$/, 'must end with the name of a program')
      .describe('Name of the program, and its path inside the image. Stands above the command line’s argument.'),
    Args: z.array(z.string()).describe('Arguments of the program, after its own name.'),
    Env: z.record(z.string(), z.string()).describe('Environment of the program. Values are strings.'),
    Mounts: z
      .record(key, mountPoint)
      .describe('What is mounted where: `%0` is the first folder that the host shares. A node shares one, the workspace.'),
    ManifestPassthrough: passthrough.describe('Attributes that the kernel reads. Values are strings, lists or objects.'),
    Files: z.array(hostPath).describe('Files to pack, under the same path inside the image.'),
    Dirs: z.array(hostPath).describe('Folders to pack with all they hold, under the same path inside the image.'),
    MapDirs: z.record(key, guestPath).describe('Files to pack elsewhere: a path with `*` on this machine, and the folder inside the image.'),
    BaseVolumeSz: size.describe('Size of the root file system, e.g. `"32m"`; as small as possible unless given.'),
    Klibs: z.array(z.string().min(1, 'must not be empty')).describe('Kernel libraries to load, from the Nanos release.'),
    Debugflags: z.array(z.string().min(1, 'must not be empty')).describe('Flags of `ManifestPassthrough` to turn on.'),
    NoTrace: z.array(z.string()).describe('System calls that a trace leaves out.'),
    NameServers: z.array(ipAddress).describe('Name servers in `/etc/resolv.conf`; 8.8.8.8 unless given.'),
    RebootOnExit: z.boolean().describe('Starts the machine again when the program fails. A node then loses the task.'),

    Boot: hostPath.describe('Boot loader instead of the Nanos release’s.'),
    Kernel: hostPath.describe('Kernel instead of the Nanos release’s.'),
    KlibDir: hostPath.describe('Folder of klibs instead of the Nanos release’s.'),
    TargetRoot: hostPath.describe('Folder in which shared libraries are looked for.'),
    NightlyBuild: z.boolean().describe('Use the nightly Nanos release.'),
    TFSv4: z.boolean().describe('Write the old version of the file system.'),
    Uefi: z.boolean().describe('Make an image that UEFI boots.'),
    UefiBoot: hostPath.describe('Boot loader for UEFI.'),

    NanosVersion: z.string().describe('Has no effect in ops either; the settings choose the version.'),
    DisableArgsCopy: z.boolean().describe('Do not pack files that arguments of `ops run` name.'),
    BuildDir: z.string().describe('Folder for ops’s temporary files.'),
    Force: z.boolean().describe('Overwrite an image of the same name.'),
    home: z.string().describe('ops’s home folder.'),
    LocalFilesParentDirectory: z.string().describe('Set by ops itself.'),
    ProgramPath: z.string().describe('Set by ops itself.'),
    VolumesDir: z.string().describe('Folder of ops’s volumes.'),
    PackageBaseURL: z.string().describe('Where ops fetches packages.'),
    PackageManifestURL: z.string().describe('Where ops fetches the list of packages.'),
    Description: z.string().describe('Description of an ops package.'),
    Language: z.string().describe('Language of an ops package.'),
    Version: z.string().describe('Version of an ops package.'),

    RunConfig: runConfig.describe('How `ops run` starts the image on this machine.'),
    CloudConfig: cloudConfig.describe('Where ops uploads and runs the image.'),
    TargetConfig: z.record(z.string(), z.string()).describe('More settings for a cloud provider.'),
  })
  .partial();

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

/** What a manifest says. */
export type Manifest = DeepReadonly<Omit<z.output<typeof manifestSchema>, 'ManifestPassthrough'>> & {
  /** Values of known keys have the form that the kernel wants; unknown keys are there too. */
  readonly ManifestPassthrough?: Readonly<Record<string, PassthroughValue>> | undefined;
};
