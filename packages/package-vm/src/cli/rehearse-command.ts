import { PackageVmError } from '@package-vm/errors';
import { type Command, Option } from 'commander';
import { basename, resolve } from 'node:path';
import { readResources } from '../inspect/read-resources.js';
import { commandExitCode, type RunResult } from '../task/run-result.js';
import { type CommandContext } from './command-context.js';
import { formatBytes, writeJson } from './json.js';
import { parseDurationMs, parseMemoryMiB } from './units.js';
import { type Terminal } from './terminal.js';

interface RehearseFlags {
  readonly task?: string;
  readonly file?: readonly string[];
  readonly workspace?: string;
  readonly timeout?: string;
  readonly cpus?: string;
  readonly memory?: string;
  readonly isolation: 'namespaces' | 'weak';
  readonly json?: boolean;
}

/** `package-vm rehearse`: run an image's program on this machine's Linux. */
export function registerRehearse(program: Command, context: CommandContext): void {
  program
    .command('rehearse')
    .description("Run an image's program under Linux namespaces, with only the image's files. It is not Nanos: see docs/rehearsing.md.")
    .argument('<image>')
    .option('--task <file>', 'the task.json to run on')
    .option('--file <[name=]file...>', 'copy files into the workspace, under their own name or another')
    .option('--workspace <folder>', 'the folder the program sees at /workspace (default: a temporary one)')
    .option('--timeout <duration>', 'stop the program after this time, e.g. 90s or 30m (default: 30m, as a node does)')
    .option('--cpus <count>', 'processors (default: the settings, then 2)')
    .option('--memory <size>', 'memory, e.g. 2048M or 4G (default: the settings, then 2048M)')
    .addOption(new Option('--isolation <kind>', 'weak needs no namespaces and hides less').choices(['namespaces', 'weak']).default('namespaces'))
    .option('--json', "print the outcome as JSON, the program's output on stderr")
    .action((image: string, flags: RehearseFlags) => runRehearse(image, flags, context));
}

async function runRehearse(image: string, flags: RehearseFlags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const at = (path: string): string => resolve(terminal.cwd, path);
  const imagePath = at(image);
  const resources = readResources(imagePath);
  const { rehearse } = await import('../rehearse/rehearse.js');
  const result = await rehearse({
    imagePath,
    task: flags.task === undefined ? undefined : at(flags.task),
    inputFiles: (flags.file ?? []).map((text) => inputFile(text, at)),
    workspace: flags.workspace === undefined ? undefined : at(flags.workspace),
    timeoutMs: flags.timeout === undefined ? undefined : parseDurationMs(flags.timeout),
    cpus: flags.cpus === undefined ? resources.cpus : positive('--cpus', flags.cpus),
    memoryMiB: flags.memory === undefined ? resources.memoryMiB : parseMemoryMiB(flags.memory),
    isolation: flags.isolation,
    signal: terminal.signal,
    onOutput: (chunk, stream) => {
      if (stream === 'stdout' && flags.json !== true) void terminal.out(chunk);
      else terminal.pass(chunk);
    },
  });
  if (flags.json === true) await writeJson(terminal, resultToJson(result));
  else tell(result, terminal);
  context.exitCode = commandExitCode(result);
}

function resultToJson(result: RunResult): object {
  const { taskResult } = result;
  return { ...result, taskResult: taskResult?.kind === 'ok' ? { ...taskResult, data: [...taskResult.data] } : taskResult };
}

function tell(result: RunResult, terminal: Terminal): void {
  const { taskResult } = result;
  const peak = result.peakMemoryBytes === undefined ? '' : `, at most ${formatBytes(result.peakMemoryBytes)} of memory`;
  terminal.note(`${result.explanation} (${(result.wallTimeMs / 1000).toFixed(2)} s${peak})`);
  if (result.hint !== undefined) terminal.note(`  ${result.hint}`);
  if (taskResult?.kind === 'ok') terminal.note(`Result: Ok, ${taskResult.data.length} bytes of data${printable(taskResult.data)}, files: ${taskResult.files.join(', ') || 'none'}`);
  if (taskResult?.kind === 'error') terminal.note(`Result: Err, ${JSON.stringify(taskResult.message)}`);
  for (const { path, sizeBytes } of result.outputFiles) terminal.note(`  ${path} (${formatBytes(sizeBytes)})`);
  for (const note of result.notes) terminal.note(`note: ${note}`);
  terminal.note('This was a rehearsal on Linux, not a run on Nanos.');
}

/** Short text is shown, in quotes. */
function printable(data: Uint8Array): string {
  const text = Buffer.from(data).toString();
  return data.length > 0 && data.length <= 100 && /^[\x20-\x7E]+$/.test(text) ? ` (${JSON.stringify(text)})` : '';
}

function inputFile(text: string, at: (path: string) => string): { hostPath: string; path: string } {
  const equals = text.indexOf('=');
  const hostPath = at(text.slice(equals + 1));
  return { hostPath, path: equals === -1 ? basename(hostPath) : text.slice(0, equals) };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new PackageVmError('PVM_BAD_USAGE', `\`${option}\` is \`${text}\`, expected a whole number from 1`);
}
