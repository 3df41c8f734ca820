import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type InstallOptions } from '../install-release.js';
import { type ReleaseProgress } from '../release-progress.js';

export interface ChildInstall extends Pick<InstallOptions, 'version' | 'baseUrl' | 'cacheFolder' | 'lockFile'> {
  /** The step at which the process kills itself with SIGKILL. */
  readonly killAt?: ReleaseProgress['step'];
  /** Shell lines around the process, in namespaces of their own, e.g. a mount. */
  readonly around?: { readonly before: string; readonly after: string };
}

export interface ChildResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The result as JSON, or the code and message of the error. */
  readonly output: string;
}

/** Runs `installRelease` in a process of its own. */
export async function installInChild({ killAt, around, ...options }: ChildInstall): Promise<ChildResult> {
  const script = `
    const { installRelease } = await import(${JSON.stringify(new URL('../install-release.ts', import.meta.url).href)});
    const onProgress = ({ step }) => step === ${JSON.stringify(killAt ?? '')} && process.kill(process.pid, 'SIGKILL');
    await installRelease({ ...${JSON.stringify(options)}, onProgress }).then(
      (release) => console.log(JSON.stringify(release)),
      (error) => { console.log(error.code + ': ' + error.message); process.exitCode = 1; },
    );`;
  const node = ['--import', fileURLToPath(new URL('./from-sources.mjs', import.meta.url)), '--input-type=module', '-e', script];
  const child =
    around === undefined
      ? spawn(process.execPath, node, { stdio: ['ignore', 'pipe', 'inherit'] })
      : spawn('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', `${around.before}; "$@"; code=$?; ${around.after}; exit $code`, 'sh', process.execPath, ...node], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [exitCode, signal]] = await Promise.all([textOf(child), once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>]);
  return { exitCode, signal, output };
}

async function textOf(child: ChildProcess): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout ?? []) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
