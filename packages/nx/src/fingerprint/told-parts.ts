import { digestLines } from './digests.js';
import type { ToolchainParts } from './toolchain.js';

type Kind = keyof ToolchainParts;

/** What a line may be called: nothing of a variable's value, or of a configuration's, is in it. */
const LABELS: Readonly<Record<Kind, (line: string, index: number) => string>> = {
  compilers: (line) => line.split('\n', 1)[0] ?? '',
  linker: (line) => line.split(' ', 1)[0] ?? '',
  libraries: (line) => line.split(' ', 1)[0] ?? '',
  variables: (line) => line.split('=', 1)[0] ?? '',
  configuration: (_line, index) => `part ${index + 1}`,
  files: (line) => line.replace(/ [0-9a-f]{64}$/, ''),
};

/** The parts of a fingerprint as they may be kept and shown: a digest for each label. */
export function toldParts(parts: ToolchainParts): Readonly<Record<Kind, Readonly<Record<string, string>>>> {
  const told = (Object.keys(parts) as Kind[]).map((kind) => {
    const lines = new Map<string, string[]>();
    for (const [index, line] of parts[kind].entries()) {
      const label = LABELS[kind](line, index);
      lines.set(label, [...(lines.get(label) ?? []), line]);
    }
    return [kind, Object.fromEntries([...lines].map(([label, same]) => [label, digestLines(same)]))] as const;
  });
  return Object.fromEntries(told) as Record<Kind, Record<string, string>>;
}
