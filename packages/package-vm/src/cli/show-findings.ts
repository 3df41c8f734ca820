import { type Finding, formatFinding, maskForms, maskSecrets } from '@package-vm/manifest';
import { sourceFrame } from './source-frame.js';
import { type Terminal } from './terminal.js';

/** Where lines for people go, and how they are coloured. */
export interface FindingSink extends Pick<Terminal, 'note'> {
  readonly colors: Pick<Terminal['colors'], 'cyan' | 'dim' | 'red' | 'yellow'>;
}

export interface ShowOptions {
  readonly showNotes?: boolean;
  /** The text of a file that a finding names, for a frame of the source without what may be secret in it; no frames without it. */
  readonly textOf?: (file: string) => string | undefined;
}

/** Nobody reads more; a manifest of a megabyte can have a hundred thousand. */
const MAX_SHOWN = 100;
/** A larger text is refused as it is: there is no line to show. */
const MAX_FRAMED = 1024 * 1024;
const RANKS = { error: 0, warning: 1, note: 2 } as const;

/** Shows findings in their order, notes only where asked for; of very many the gravest. */
export function showFindings(findings: readonly Finding[], terminal: FindingSink, { showNotes = true, textOf }: ShowOptions = {}): void {
  const wanted = findings.filter(({ severity }) => showNotes || severity !== 'note');
  const shown = gravest(wanted);
  const frameText = frameTexts(textOf);
  for (const finding of shown) showFinding(finding, terminal, frameText);
  const left = wanted.length - shown.length;
  if (left > 0) terminal.note(`… and ${left} more; \`check --json\` lists all.`);
}

function gravest(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MAX_SHOWN) return findings;
  const chosen = new Set(findings.toSorted((a, b) => RANKS[a.severity] - RANKS[b.severity]).slice(0, MAX_SHOWN));
  return findings.filter((finding) => chosen.has(finding));
}

/** Masked once for each file. */
function frameTexts(textOf: ShowOptions['textOf']): (file: string) => string | undefined {
  const masked = new Map<string, string | undefined>();
  return (file) => {
    if (!masked.has(file)) {
      const text = textOf?.(file);
      masked.set(file, text === undefined || text.length > MAX_FRAMED ? undefined : file.endsWith('.toml') ? maskForms(text) : maskSecrets(text));
    }
    return masked.get(file);
  };
}

function showFinding(finding: Finding, terminal: FindingSink, textOf: (file: string) => string | undefined): void {
  const { colors } = terminal;
  const paint = { error: colors.red, warning: colors.yellow, note: colors.cyan };
  const { severity, place } = finding;
  const [head = '', ...hint] = formatFinding(finding).split('\n');
  const text = textOf(place.file);
  const frame = text === undefined ? [] : sourceFrame(text, place, { dim: colors.dim, mark: paint[severity] });
  for (const line of [head.replace(` ${severity} `, ` ${paint[severity](severity)} `), ...frame, ...hint]) terminal.note(line);
}
