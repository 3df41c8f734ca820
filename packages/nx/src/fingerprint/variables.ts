import { relevantVariables } from 'package-vm/light';

/**
 * The variables that matter to a build, and those whose names match one of `patterns` (`*` stands for any characters), sorted,
 * with the places of this machine replaced by names, so that two clones of two users agree. The values go into a digest and
 * nowhere else.
 */
export function buildVariables(env: Readonly<Record<string, string | undefined>>, places: Readonly<Record<string, string>>, patterns: readonly string[] = []): readonly string[] {
  const byLength = Object.entries(places).sort(([, a], [, b]) => b.length - a.length);
  const asked = Object.entries(env).filter(([name]) => patterns.some((pattern) => matchesName(pattern, name)));
  const variables = new Map<string, string>([...relevantVariables(env), ...asked.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))]);
  return [...variables].map(([name, value]) => `${name}=${byLength.reduce((text, [place, path]) => text.replaceAll(path, `<${place}>`), value)}`).sort();
}

function matchesName(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
