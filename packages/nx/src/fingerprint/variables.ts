import { nameMatches, relevantVariables } from 'package-vm/build-key';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Folders of this machine, by the names that stand for them. */
export type Places = Readonly<Record<string, string>>;

/**
 * The variables that matter to a build, and those that one of `patterns` means, sorted, with the places of this machine replaced
 * by names, so that two clones of two users agree. One that is empty is not one that is missing. The values go into a digest and
 * nowhere else.
 */
export function buildVariables(env: Environment, places: Places, patterns: readonly string[] = []): readonly string[] {
  const asked = Object.entries(env).filter(([name]) => patterns.some((pattern) => nameMatches(pattern, name)));
  const variables = new Map<string, string>([...relevantVariables(env), ...asked.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))]);
  return [...variables].map(([name, value]) => `${name}=${withoutPlaces(value, places)}`).sort();
}

/** A text with names in the places of this machine's folders, the longest first. */
export function withoutPlaces(text: string, places: Places): string {
  const byLength = Object.entries(places).sort(([, a], [, b]) => b.length - a.length);
  return byLength.reduce((replaced, [place, path]) => replaced.replaceAll(path, `<${place}>`), text);
}
