import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Keeps a value for later, unless it is there already. A folder that cannot be written is no error: what is kept is only a help. */
export function keepJson(path: string, value: unknown): void {
  const text = JSON.stringify(value);
  const temporary = `${path}.${process.pid}`;
  try {
    if (readText(path) === text) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch {
    rmSync(temporary, { force: true });
  }
}

/** What {@link keepJson} kept; undefined where there is nothing that can be read. */
export function readKept(path: string): unknown {
  const text = readText(path);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
