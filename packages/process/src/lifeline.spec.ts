import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { withLifeline } from './lifeline.js';

const hasSetpriv = withLifeline().length > 0;

/** Whether a process still runs; one that nobody waited for may stay as a zombie. */
async function hasEnded(pid: number): Promise<boolean> {
  const { readFile } = await import('node:fs/promises');
  return readFile(`/proc/${pid}/stat`, 'utf8').then((text) => text.includes(') Z '), () => true);
}

(hasSetpriv ? it : it.skip)('ends a program when the one that started it is killed (needs `setpriv` of util-linux)', async () => {
  const script = `
    const [program, ...args] = ${JSON.stringify([...withLifeline(), '/bin/sleep', '60'])};
    const { pid } = require('node:child_process').spawn(program, args, { stdio: 'ignore', detached: true });
    console.log(pid);
    setInterval(() => undefined, 1000);`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(await hasEnded(pid)).toBe(false);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  const deadline = Date.now() + 5000;
  while (!(await hasEnded(pid)) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await hasEnded(pid)).toBe(true);
});
