import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/**
 * The path of a program: a name is looked for in the folders of `path`, as `PATH` lists them, those that are relative left out since they
 * mean another program in another folder. A path stands for itself. Undefined when there is none that may be run.
 */
export function findProgram(program: string, path = process.env.PATH ?? ''): string | undefined {
  const places = program.includes('/') ? [resolve(program)] : path.split(delimiter).filter(isAbsolute).map((folder) => join(folder, program));
  return places.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
