import process from 'node:process';
import { isatty } from 'node:tty';
import pc from 'picocolors';
import { runCommandLine } from './run-command-line.js';
import { type Terminal } from './terminal.js';

const controller = new AbortController();
// as a shell counts: 128 and the signal's number
const SIGNAL_EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const SIGPIPE_EXIT_CODE = 141;
let signalExitCode: number | undefined;
for (const [signal, exitCode] of Object.entries(SIGNAL_EXIT_CODES)) {
  // the listener stays: others end the process when theirs is the last one
  process.on(signal, () => {
    // who asks twice does not want to wait for the cleaning up
    if (signalExitCode !== undefined) process.exit(exitCode);
    signalExitCode = exitCode;
    controller.abort();
  });
}
let isOutputLost = false;
// a reader such as `head` may stop early, and a disk be full: what runs is stopped and cleaned up, as by a signal
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') signalExitCode ??= SIGPIPE_EXIT_CODE;
    else if (!isOutputLost) {
      isOutputLost = true;
      process.stderr.write(`error PVM_WRITE_FAILED: Could not write the output: ${message}\n`);
    }
    controller.abort();
  });
}
// `process.stderr.isTTY` is undefined elsewhere, not false
const isTerminal = isatty(2);

const terminal: Terminal = {
  out: (text) =>
    new Promise((resolve) => {
      process.stdout.write(text, () => {
        resolve();
      });
    }),
  note(line) {
    process.stderr.write(`${line}\n`);
  },
  pass(text) {
    process.stderr.write(text);
  },
  isInteractive: isTerminal && process.env.CI === undefined,
  colors: pc.createColors(isTerminal && pc.isColorSupported),
  cwd: process.cwd(),
  env: process.env,
  signal: controller.signal,
};

void runCommandLine(process.argv.slice(2), terminal).then((exitCode) => {
  process.exitCode = signalExitCode ?? (isOutputLost && exitCode === 0 ? 1 : exitCode);
});
