#!/usr/bin/env node
import process from 'node:process';
import pc from 'picocolors';
import { runCommandLine } from './run-command-line.js';
import { type Terminal } from './terminal.js';

const controller = new AbortController();
let ending: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    // a second one ends us at once
    ending ??= signal;
    controller.abort();
  });
}
// a reader such as `head` may stop early: no failure of ours
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

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
  isInteractive: process.stderr.isTTY && process.env.CI === undefined,
  colors: pc.createColors(process.stderr.isTTY && pc.isColorSupported),
  cwd: process.cwd(),
  env: process.env,
  signal: controller.signal,
};

void runCommandLine(process.argv.slice(2), terminal).then((exitCode) => {
  // ended by a signal, as a shell sees it
  if (ending === 'SIGINT') process.exitCode = 130;
  else if (ending === 'SIGTERM') process.exitCode = 143;
  else process.exitCode = exitCode;
});
