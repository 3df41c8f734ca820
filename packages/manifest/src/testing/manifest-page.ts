import { type JsonSchema, shippedSchema } from '../json-schema/json-schema.js';
import { notSupported, runConfigInImage, withoutEffect } from '../rules/effect-rules.js';
import { reservedKeys } from '../rules/passthrough-rules.js';
import { code, keyTable } from './key-table.js';
import { acceptedByOps } from './ops-differences.js';

/** `docs/manifest.md`, from the schemas and the rules on what has an effect. */
export function manifestPage(): string {
  const manifest = shippedSchema('manifest');
  const settings = shippedSchema('settings');
  const { RunConfig = {}, CloudConfig = {}, ManifestPassthrough = {}, ...others } = manifest.properties ?? {};
  const { programs: _, variants: __, ...ofOneProgram } = settings.properties ?? {};
  const top = { ...others, RunConfig: withoutKeys(RunConfig), CloudConfig: withoutKeys(CloudConfig), ManifestPassthrough: withoutKeys(ManifestPassthrough) };
  return `<!-- Generated from the schemas by \`npm run generate\`: do not edit. -->

# The manifest

The manifest says how a program runs in its image. It is an ops configuration and nothing else, so that the same file serves the real \`ops\`:
\`vm.json\` beside the \`Cargo.toml\` of a package with one program, \`<program>.vm.json\` for one of several. Comments and trailing commas are
accepted here; \`ops\` refuses them.

\`\`\`json
{
  "Program": "my_prover",
  "Mounts": { "%0": "/workspace" },
  "ManifestPassthrough": { "readonly_rootfs": "true", "debug_exit": "true" }
}
\`\`\`

\`package-vm check\` finds every mistake in it before an image is built; [findings](findings.md) explains each. \`package-vm check --fix\` puts right
what is beyond doubt. Editors check while you type: [\`manifest.schema.json\`](../packages/manifest/schemas/manifest.schema.json) of \`@package-vm/manifest\`
is made from the same source as this page, and \`package-vm init\` or \`nx g @package-vm/nx:init\` ties it to \`vm.json\` and \`*.vm.json\` in VS Code.

- A key has exactly the spelling that is given here. ops also takes \`files\` or \`FILES\`; we do not, and say what is meant.
- A *size* is a number with \`k\`, \`m\` or \`g\` after it, in units of 1024: \`"512m"\`. ops ignores what it cannot read.
- A *flag* is on when it is there, whatever its value: \`"false"\` turns it on too.
- A *guest path* is a path inside the image: absolute, without \`.\`, \`..\`, \`//\` or a \`/\` at its end.
- Paths of this machine are relative to the manifest, or to \`base\` in the settings. Nothing outside the Nx workspace is packed.
- *In the image* says whether a key changes the image at all. What does not is for \`ops run\` and the clouds.
- *Source* is where the fact comes from: lines of \`types/config.go\` in ops, or a file named, for keys of the top level; files below \`src/kernel/\` or
  \`src/\` of nanos for \`ManifestPassthrough\`.

## What ops accepts, and check does not

ops (nanovms/ops at bb2d9ce) takes each of these without a word, and the image is not what the manifest says or does not run. The list is held
against a real ops by a test.

${Object.entries(acceptedByOps).map(([code, what]) => `- [\`${code}\`](findings.md#${code}): ${what}`).join(';\n')}.

Besides, it prints a line of a klib or a kernel that is not there, makes the image and ends with 0. \`NanosVersion\` it ignores. The other way round, ops
refuses comments, trailing commas, a byte order mark and \`$schema\`.

## Keys of the top level

${keyTable(manifest, { properties: top }, topEffect)}
## ManifestPassthrough

Attributes of the image's root that the kernel reads. It never complains about any other: they are written into the image as they are, and
\`check\` warns. Reserved, since packaging writes them, are ${[...reservedKeys].map(code).join(', ')}. Network interfaces are \`en1\` to \`en9\`; what is said of
the first can stand at the top instead.

${keyTable(manifest, withoutClosing(ManifestPassthrough), passthroughEffect)}
## RunConfig

How \`ops run\` starts an image on this machine. A node takes processors, memory and GPUs from the deployment.

${keyTable(manifest, RunConfig, (key) => (runConfigInImage.has(key) ? 'yes' : 'no'))}
## CloudConfig

Where ops uploads and runs an image. Nothing of it is in the image.

${keyTable(manifest, CloudConfig, () => 'no')}
## The settings

What packaging must know beyond the manifest stands in \`Cargo.toml\`, in \`[package.metadata.package-vm]\`; \`[package.metadata.package-vm.programs.<name>]\`
holds the same keys for one program of several, and replaces those above.

\`\`\`toml
[package.metadata.package-vm]
nanosVersion = "0.1.54"
extraLibraries = ["libnss_dns.so.2"]
allow = [{ finding = "no-network", reason = "the image also runs in our own cloud" }]
\`\`\`

${keyTable(settings, { properties: ofOneProgram }, undefined)}`;
}

function withoutKeys(schema: JsonSchema): JsonSchema {
  const { properties: _, additionalProperties: __, ...rest } = schema;
  return rest;
}

/** The keys that are listed, of the network interfaces only the first. */
function withoutClosing(schema: JsonSchema): JsonSchema {
  return { properties: Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([key]) => !/^en[2-9]$/.test(key))) };
}

function topEffect(key: string): string {
  if (Object.hasOwn(notSupported, key)) return 'refused so far';
  if (Object.hasOwn(withoutEffect, key) || key === 'NanosVersion' || key === '$schema') return 'no';
  return key === 'RunConfig' ? 'in part' : 'yes';
}

function passthroughEffect(_: string, { klib }: JsonSchema): string {
  return klib === undefined ? 'yes' : `with klib ${code(klib)}`;
}
