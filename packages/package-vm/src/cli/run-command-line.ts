import { errorMessageOf } from '@package-vm/errors';
import { Command, CommanderError } from 'commander';
import { type CommandContext } from './command-context.js';
import { writeJson } from './json.js';
import { reportError } from './report-error.js';
import { type Terminal } from './terminal.js';
import { toolVersion } from '../host-files/tool-version.js';

const EXIT_USAGE = 2;
const HELP_HINT = 'Run with --help to see what is possible.';

/** What registers each command. Only that of the command that was given is loaded: all of them take a third of the time of a small build. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command, context: CommandContext) => void>>> = {
  build: async () => (await import('./build-command.js')).registerBuild,
  check: async () => (await import('./check-command.js')).registerCheck,
  rehearse: async () => (await import('./rehearse-command.js')).registerRehearse,
  run: async () => (await import('./run-command.js')).registerRun,
  'inspect ls tree cat': async () => (await import('./image-commands.js')).registerImageCommands,
  diff: async () => (await import('./diff-command.js')).registerDiff,
  'diff-bundle': async () => (await import('./diff-bundle-command.js')).registerDiffBundle,
  nanos: async () => (await import('./nanos-command.js')).registerNanos,
  init: async () => (await import('./init-command.js')).registerInit,
  migrate: async () => (await import('./migrate-command.js')).registerMigrate,
  'verify-image': async () => (await import('./verify-image-command.js')).registerVerifyImage,
  explain: async () => (await import('./explain-command.js')).registerExplain,
};

/**
 * Runs the command line: 0 good, 1 the input is at fault, 2 wrong usage, 3 a tool or release is missing, 70 a bug of ours;
 * `rehearse` and `run` give the program's own.
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const context: CommandContext = { terminal, exitCode: 0 };
  const program = new Command('package-vm')
    .description('Package a Rust prover or verifier as a bootable Nanos disk image.')
    .version(toolVersion())
    .showHelpAfterError(HELP_HINT)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.out(text),
      writeErr: (text) => {
        terminal.pass(text);
      },
    });
  const [given = ''] = args;
  const named = Object.keys(COMMANDS).filter((names) => names.split(' ').includes(given));
  for (const names of named.length > 0 ? named : Object.keys(COMMANDS)) (await COMMANDS[names]?.())?.(program, context);
  try {
    await program.parseAsync(args, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    const isJson = args.includes('--json');
    if (!(error instanceof CommanderError)) return reportError(error, terminal, isJson, context.root);
    // commander has printed help or what was wrong
    if (error.exitCode === 0) return 0;
    if (isJson) await writeJson(terminal, { error: { code: 'PVM_BAD_USAGE', message: messageOf(error), hint: HELP_HINT } });
    return EXIT_USAGE;
  }
}

/** As our own messages are: one line, without `error:`. */
function messageOf(error: CommanderError): string {
  return errorMessageOf(error).replace(/^error: (.)/, (_, first: string) => first.toUpperCase());
}
