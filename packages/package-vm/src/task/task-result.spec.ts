import { execFileSync } from 'node:child_process';
import { symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeTaskResult, readTaskResult } from './task-result.js';
import { withScratch } from './testing/scratch.js';

const decode = (text: string): unknown => decodeTaskResult(Buffer.from(text));

describe('decodeTaskResult', () => {
  it('reads what serde writes for Ok', () => {
    expect(decode('{"Ok":{"id":"1","data":[0,128,255],"files":["/workspace/proof"]}}')).toEqual({
      kind: 'ok', id: '1', data: Uint8Array.of(0, 128, 255), files: ['/workspace/proof'],
    });
  });

  it('reads what serde writes for Err', () => {
    expect(decode('{"Err":"no such file"}')).toEqual({ kind: 'error', message: 'no such file' });
  });

  it.each([
    { reason: 'no JSON', text: '{"Ok":', problem: 'it is not JSON' },
    { reason: 'nothing', text: '', problem: 'it is not JSON' },
    { reason: 'a list', text: '[]', problem: 'it is not an object' },
    { reason: 'null', text: 'null', problem: 'it is not an object' },
    { reason: 'no key', text: '{}', problem: 'it has no key, expected `Ok` or `Err`' },
    { reason: 'another key', text: '{"ok":1}', problem: 'it has `ok`, expected `Ok` or `Err`' },
    { reason: 'both keys', text: '{"Ok":{},"Err":""}', problem: 'it has `Ok`, `Err`, expected `Ok` or `Err`' },
    { reason: 'an Err that is no string', text: '{"Err":{}}', problem: '`Err` is not a string' },
    { reason: 'an Ok that is null', text: '{"Ok":null}', problem: '`Ok` is not an object' },
    { reason: 'no id', text: '{"Ok":{"data":[],"files":[]}}', problem: '`Ok.id` is not a string' },
    { reason: 'data as text', text: '{"Ok":{"id":"1","data":"AA==","files":[]}}', problem: '`Ok.data` is not a list' },
    { reason: 'a byte of 256', text: '{"Ok":{"id":"1","data":[0,256],"files":[]}}', problem: '`Ok.data[1]` is not a byte' },
    { reason: 'a byte of -1', text: '{"Ok":{"id":"1","data":[-1],"files":[]}}', problem: '`Ok.data[0]` is not a byte' },
    { reason: 'half a byte', text: '{"Ok":{"id":"1","data":[0.5],"files":[]}}', problem: '`Ok.data[0]` is not a byte' },
    { reason: 'a file that is a number', text: '{"Ok":{"id":"1","data":[],"files":[1]}}', problem: '`Ok.files` is not a list of strings' },
    { reason: 'a key too many', text: '{"Ok":{"id":"1","data":[],"files":[],"x":1}}', problem: '`Ok` has `x`' },
  ])('names the problem of $reason', ({ text, problem }) => {
    expect(decode(text)).toMatchObject({ kind: 'invalid', problem: expect.stringContaining(problem) as string });
  });

  it('refuses text that is not UTF-8', () => {
    expect(decodeTaskResult(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ kind: 'invalid' });
  });
});

describe('readTaskResult', () => {
  it('gives nothing where there is no result', () =>
    withScratch(async (folder) => {
      expect(await readTaskResult(folder)).toBeUndefined();
    }));

  it('does not follow a link', () =>
    withScratch(async (folder) => {
      await writeFile(join(folder, 'elsewhere'), '{"Err":"secret"}');
      await symlink('elsewhere', join(folder, 'task_result.json'));
      expect(await readTaskResult(folder)).toEqual({ kind: 'invalid', problem: 'it is a symbolic link' });
    }));

  it('does not wait for a pipe', () =>
    withScratch(async (folder) => {
      execFileSync('mkfifo', [join(folder, 'task_result.json')]);
      expect(await readTaskResult(folder)).toEqual({ kind: 'invalid', problem: 'it is not a regular file' });
    }));

  it.each([
    { reason: 'at the limit', sizeBytes: 64 * 1024 * 1024, problem: 'it is not JSON' },
    { reason: 'one byte over the limit', sizeBytes: 64 * 1024 * 1024 + 1, problem: 'more than the limit' },
  ])('bounds what it reads: $reason', ({ sizeBytes, problem }) =>
    withScratch(async (folder) => {
      await writeFile(join(folder, 'task_result.json'), '');
      await truncate(join(folder, 'task_result.json'), sizeBytes);
      expect(await readTaskResult(folder)).toMatchObject({ kind: 'invalid', problem: expect.stringContaining(problem) as string });
    }));
});
