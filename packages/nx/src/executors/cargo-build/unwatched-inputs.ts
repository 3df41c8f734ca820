import type { ExecutorContext } from '@nx/devkit';
import { join, posix, resolve } from 'node:path';
import type { Unwatched } from 'package-vm';
import { nameMatches } from 'package-vm/build-key';
import { askProgram } from '../../fingerprint/ask-program.js';
import { digestInput, digestLines } from '../../fingerprint/digests.js';
import { FileDigests } from '../../fingerprint/file-digests.js';
import { toldParts } from '../../fingerprint/told-parts.js';
import { toolchainParts } from '../../fingerprint/toolchain.js';
import type { Environment } from '../../fingerprint/variables.js';
import { wordsId } from '../../plugin/fingerprint-words.js';
import { workspaceDataFolder } from '../../plugin/workspace-data.js';
import { type TargetInputs, targetInputs } from '../target-inputs.js';

/** What the key of a running `cargo-build` holds and cargo does not compare: the machine, and what the settings name. */
export async function unwatchedInputs(context: ExecutorContext, env: Environment = process.env): Promise<Unwatched | undefined> {
  const inputs = targetInputs(context);
  if (inputs.toolchain === undefined) return undefined;
  return { machine: await ofMachine(context.root, inputs.toolchain, env), named: await ofSettings(context.root, inputs, env) };
}

type Toolchain = NonNullable<TargetInputs['toolchain']>;

/** Cargo compares these by itself. */
const OF_CARGO = /^(CARGO_|RUST)/;

async function ofMachine(workspaceRoot: string, { folder, words }: Toolchain, env: Environment): Promise<Unwatched['machine']> {
  const { linker, libraries, variables } = toldParts(await toolchainParts({ workspaceRoot, folder, unhashed: words.filter((word) => /^(cargo|target):/.test(word)), env }));
  // of these one that went counts too
  const ofCompilers = digestLines(Object.entries(variables).filter(([name]) => !OF_CARGO.test(name)).flat());
  return Object.fromEntries(Object.entries({ ...linker, ...libraries, variables: ofCompilers }).map(([name, digest]) => [`${folder} ${name}`, digest]));
}

async function ofSettings(root: string, { toolchain, variables, commands, outputsBefore }: TargetInputs, env: Environment): Promise<Unwatched['named']> {
  const words = toolchain?.words ?? [];
  // what the fingerprint remembered; what a task made is read
  const digests = new FileDigests(join(workspaceDataFolder(root), `package-vm-${wordsId(['toolchain', toolchain?.folder ?? '.', ...words])}.json`));
  const paths = [...words.filter((word) => word.includes('/') && !/^(env|cargo|target):/.test(word)), ...outputsBefore];
  const lines = paths.flatMap((path) => digestInput(root, path, digests));
  const files = lines.map((line) => /^(.*) (\S+)$/.exec(line) ?? [line, line, '']).filter(([, path = '']) => posix.basename(path) !== 'Cargo.lock');
  const answers = await Promise.all(commands.map(async (command) => [`$ ${command}`, digestLines([(await askProgram('sh', ['-c', command], { cwd: root, env })) ?? ''])] as const));
  return {
    ...Object.fromEntries(files.map(([, path = '', digest = '']) => [resolve(root, path), digest])),
    ...Object.fromEntries(answers),
    ...(variables.length === 0 ? {} : { variables: digestLines(valuesOf(variables, env)) }),
  };
}

function valuesOf(patterns: readonly string[], env: Environment): readonly string[] {
  return Object.entries(env).filter(([name]) => patterns.some((pattern) => nameMatches(pattern, name))).map(([name, value = '']) => `${name}=${value}`).sort();
}
