import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, errorMessageOf } from '@package-vm/errors';

/**
 * What a program wrote as its result: serde's form of `Result<TaskResult, String>` (gevulot-shim src/lib.rs), or why it is
 * none that a node can read.
 */
export type TaskResult =
  | { readonly kind: 'ok'; readonly id: string; readonly data: Uint8Array; readonly files: readonly string[] }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'invalid'; readonly problem: string };

export const RESULT_NAME = 'task_result.json';

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads `task_result.json`, written by an untrusted program: at most 64 MiB, no link, no device. Undefined where there is none;
 * a result that cannot be read is `invalid` with the reason.
 */
export async function readTaskResult(workspaceFolder: string): Promise<TaskResult | undefined> {
  const path = join(workspaceFolder, RESULT_NAME);
  let file;
  try {
    // NONBLOCK: a named pipe would wait for ever
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') return invalid('it is a symbolic link');
    if (code === 'ENXIO' || code === 'EACCES') return invalid(`it cannot be opened (${code})`);
    throw error;
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return invalid('it is not a regular file');
    if (stat.size > MAX_BYTES) return invalid(`it has ${String(stat.size)} bytes, more than the limit of ${String(MAX_BYTES)}`);
    return decodeTaskResult(await file.readFile());
  } finally {
    await file.close();
  }
}

/** Strict: one of `Ok` and `Err`, no other keys, bytes from 0 to 255. */
export function decodeTaskResult(bytes: Uint8Array): TaskResult {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return invalid(`it is not JSON: ${errorMessageOf(error)}`);
  }
  if (!isRecord(value)) return invalid('it is not an object');
  const keys = Object.keys(value);
  if (keys.length !== 1 || (keys[0] !== 'Ok' && keys[0] !== 'Err')) return invalid(`it has ${nameKeys(keys)}, expected \`Ok\` or \`Err\``);
  if (keys[0] === 'Ok') return decodeOk(value.Ok);
  return typeof value.Err === 'string' ? { kind: 'error', message: value.Err } : invalid('`Err` is not a string');
}

function decodeOk(value: unknown): TaskResult {
  if (!isRecord(value)) return invalid('`Ok` is not an object');
  const unknownKeys = Object.keys(value).filter((key) => !['id', 'data', 'files'].includes(key));
  if (unknownKeys.length > 0) return invalid(`\`Ok\` has ${nameKeys(unknownKeys)}, expected \`id\`, \`data\`, \`files\``);
  const { id, data, files } = value;
  if (typeof id !== 'string') return invalid('`Ok.id` is not a string');
  if (!Array.isArray(data)) return invalid('`Ok.data` is not a list');
  const wrong = data.findIndex((byte) => !Number.isInteger(byte) || byte < 0 || byte > 255);
  if (wrong !== -1) return invalid(`\`Ok.data[${String(wrong)}]\` is not a byte from 0 to 255`);
  if (!isStringList(files)) return invalid('`Ok.files` is not a list of strings');
  return { kind: 'ok', id, data: Uint8Array.from(data as number[]), files };
}

function invalid(problem: string): TaskResult {
  return { kind: 'invalid', problem };
}

function nameKeys(keys: readonly string[]): string {
  return keys.length === 0 ? 'no key' : keys.slice(0, 5).map((key) => `\`${key}\``).join(', ');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
