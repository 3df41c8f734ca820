import { spawnSync } from 'node:child_process';
import { findProgram } from './find-program.js';

/** What goes in front of a command so that the program ends with this process even when that is killed; nothing where the machine cannot do it. */
export function withLifeline(): readonly string[] {
  lifeline ??= tryLifeline();
  return lifeline;
}

let lifeline: readonly string[] | undefined;

function tryLifeline(): readonly string[] {
  const setpriv = process.platform === 'linux' ? findProgram('setpriv') : undefined;
  if (setpriv === undefined) return [];
  // that of BusyBox does not know the option
  const command = [setpriv, '--pdeathsig', 'KILL'];
  return spawnSync(setpriv, [...command.slice(1), 'true'], { stdio: 'ignore' }).status === 0 ? command : [];
}
