// The thread beside digestFiles: digests the files it is given, one after the other.
import { parentPort, workerData } from 'node:worker_threads';
import { digestLargeFile } from './digest-files.js';

async function digestAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) parentPort?.postMessage({ path, ...(await digestLargeFile(path)) });
}

void digestAll(workerData as readonly string[]);
