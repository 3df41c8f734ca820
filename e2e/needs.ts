import { spawnSync } from 'node:child_process';

/** Whether a program is not on this machine. */
export function isMissing(tool: string): boolean {
  return spawnSync(tool, ['--version']).error !== undefined;
}

/** `describe` where the machine has these programs; elsewhere the specs are skipped, and the name says what they need. */
export function describeWith(tools: readonly string[], name: string, specs: () => void): void {
  const missing = tools.find(isMissing);
  if (missing === undefined) describe(name, specs);
  else describe.skip(`${name} (needs \`${missing}\`)`, specs);
}
