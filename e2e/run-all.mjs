// `npm test`: types, lint, unit tests, end-to-end tests; ends with one line that counts all of them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const counts = { passed: 0, failed: 0, skipped: 0 };
const skipped = [];

function step(name, command, args, env = {}) {
  console.log(`\n── ${name}`);
  const started = Date.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
  console.log(`── ${name}: ${status === 0 ? 'good' : 'failed'} after ${Math.round((Date.now() - started) / 1000)} s`);
  return status === 0;
}

/** A step that counts as one test. */
function check(name, command, args) {
  const passed = step(name, command, args);
  counts[passed ? 'passed' : 'failed'] += 1;
  return passed;
}

function jest(name, args) {
  const folder = mkdtempSync(join(tmpdir(), 'package-vm-test-'));
  const report = join(folder, 'report.json');
  const env = { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim() };
  const passed = step(name, 'npx', ['jest', ...args, '--json', '--outputFile', report, '--silent=false'], env);
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    counts.passed += numPassedTests;
    counts.failed += numFailedTests + numRuntimeErrorTestSuites;
    counts.skipped += numPendingTests;
    for (const { assertionResults } of testResults) for (const { status, fullName } of assertionResults) if (status === 'pending') skipped.push(fullName);
    if (!passed && numFailedTests + numRuntimeErrorTestSuites === 0) counts.failed += 1;
  } catch {
    counts.failed += 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// the end-to-end tests use what this builds
if (check('types and build', 'npm', ['run', 'build', '--silent'])) {
  check('lint', 'npx', ['eslint', '.']);
  jest('unit tests', ['--selectProjects=unit', '--maxWorkers=100%']);
  // two at once: most wait for one tool at a time, and more would make time limits of theirs a matter of luck
  jest('end-to-end tests', ['--selectProjects=e2e', '--maxWorkers=2']);
}

if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((name) => `  ${name}`).join('\n')}`);
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;
