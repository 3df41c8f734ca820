// The thread behind hashBeside: hashes each piece it is sent and answers when it is done; at last with the digest.
import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

const sha256 = createHash('sha256');

parentPort?.on('message', (question: Uint8Array | 'digest') => {
  if (question !== 'digest') sha256.update(question);
  parentPort?.postMessage(question === 'digest' ? sha256.digest('hex') : undefined);
});
