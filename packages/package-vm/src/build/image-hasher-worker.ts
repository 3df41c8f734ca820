// The thread behind hashBeside: hashes each piece it is sent and answers when it is done.
import { parentPort } from 'node:worker_threads';
import { hashHere } from './image-hasher.js';

const hasher = hashHere();

parentPort?.on('message', (question: Uint8Array | 'digest') => {
  void (question === 'digest' ? hasher.digest() : hasher.update(question)).then((answer) => {
    parentPort?.postMessage(answer);
  });
});
