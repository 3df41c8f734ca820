// A rehearsal in a process of its own, which a test can start as another user or under other rules: options as JSON in,
// the result or the error as JSON out.
import { rehearse } from '../../packages/package-vm/dist/index.js';

const show = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
let output = '';
await rehearse({ ...JSON.parse(process.argv[2]), onOutput: (chunk) => (output += Buffer.from(chunk).toString()) }).then(
  (result) => show({ output, ...result }),
  ({ code, message, hint }) => show({ code, message, hint }),
);
