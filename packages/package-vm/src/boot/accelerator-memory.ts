import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { arch, cpus, hostname, release } from 'node:os';
import { join } from 'node:path';
import { errorCodeOf } from '@package-vm/errors';
import { type Accelerator } from './accelerators.js';

/** What was seen of an accelerator. */
export type Answer = 'works' | 'fails';

export interface AcceleratorMemory {
  recall(accelerator: Accelerator): Answer | undefined;
  remember(accelerator: Accelerator, answer: Answer): void;
}

/** A machine may be mended, e.g. by switching on nested virtualisation. */
const FAILURE_LASTS_MS = 30 * 24 * 3600 * 1000;

/**
 * Remembers in the user's cache which accelerators boot anything here: for this machine, its kernel, processor and QEMU, in a
 * file for each. It is only a memory: where it cannot be read or written, nothing is remembered.
 */
export function acceleratorMemory({ cacheFolder, qemu, now = Date.now }: { readonly cacheFolder: string; readonly qemu: string; readonly now?: () => number }): AcceleratorMemory {
  const folder = join(cacheFolder, 'accelerators');
  const { size, mtimeMs } = statSync(qemu);
  const machine = [hostname(), release(), arch(), cpus()[0]?.model, qemu, size, mtimeMs];
  const path = (accelerator: Accelerator): string =>
    join(folder, `${createHash('sha256').update(JSON.stringify([...machine, accelerator])).digest('hex').slice(0, 16)}.json`);
  return {
    recall: (accelerator) => quietly(() => {
      const { answer, time } = JSON.parse(readFileSync(path(accelerator), 'utf8')) as { answer: unknown; time: unknown };
      if (answer === 'works') return answer;
      return answer === 'fails' && Number(time) > now() - FAILURE_LASTS_MS ? answer : undefined;
    }),
    remember(accelerator, answer) {
      quietly(() => {
        mkdirSync(folder, { recursive: true });
        const unfinished = `${path(accelerator)}.${process.pid}`;
        writeFileSync(unfinished, `${JSON.stringify({ accelerator, answer, time: now() })}\n`);
        renameSync(unfinished, path(accelerator));
      });
    },
  };
}

function quietly<Result>(use: () => Result): Result | undefined {
  try {
    return use();
  } catch (error) {
    if (errorCodeOf(error) === undefined && !(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
