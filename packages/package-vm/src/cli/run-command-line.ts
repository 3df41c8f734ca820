import { Command, CommanderError } from 'commander';
import { registerBuild } from './build-command.js';
import { registerCheck } from './check-command.js';
import { registerDiffBundle } from './diff-bundle-command.js';
import { registerDiff } from './diff-command.js';
import { registerImageCommands } from './image-commands.js';
import { type CommandContext } from './command-context.js';
import { registerExplain } from './explain-command.js';
import { registerInit } from './init-command.js';
import { registerMigrate } from './migrate-command.js';
import { registerNanos } from './nanos-command.js';
import { registerRehearse } from './rehearse-command.js';
import { registerRun } from './run-command.js';
import { reportError } from './report-error.js';
import { type Terminal } from './terminal.js';
import { registerVerifyImage } from './verify-image-command.js';
import { toolVersion } from '../host-files/tool-version.js';

const EXIT_USAGE = 2;

/**
 * Runs the command line: 0 good, 1 the input is at fault, 2 wrong usage, 3 a tool or release is missing, 70 a bug of ours;
 * `rehearse` and `run` give the program's own.
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const context: CommandContext = { terminal, exitCode: 0 };
  const program = new Command('package-vm')
    .description('Package a Rust prover or verifier as a bootable Nanos disk image.')
    .version(toolVersion())
    .showHelpAfterError('Run with --help to see what is possible.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.out(text),
      writeErr: (text) => {
        terminal.pass(text);
      },
    });
  for (const register of [registerBuild, registerCheck, registerRehearse, registerRun, registerImageCommands, registerDiff, registerDiffBundle, registerNanos, registerInit, registerMigrate, registerVerifyImage, registerExplain]) register(program, context);
  try {
    await program.parseAsync(args, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    // commander has printed help or what was wrong
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    const isJson = args.includes('--json');
    return reportError(error, terminal, isJson);
  }
}
