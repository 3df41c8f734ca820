import { type Finding } from '../finding.js';
import { type ManifestFindingCode, isAllowable, wordings } from '../findings.js';
import { secretForms, secretNames } from '../rules/secrets.js';
import { manifestExamples, settingsExamples } from './examples.js';
import { findingsOf, settingsFindingsOf } from './findings-of.js';

/** `docs/findings.md`, from the words of the findings and the examples that tests execute. */
export function findingsPage(): string {
  const codes = Object.keys(wordings) as ManifestFindingCode[];
  return `<!-- Generated from the findings and their tested examples by \`npm run generate\`: do not edit. -->

# Findings on a manifest and its settings

\`package-vm check\` finds these in the text of a manifest and of its settings; findings about files, klibs and libraries are on [a page of their
own](findings-build.md). Each has a code, which is never reused or renamed.

An **error** stops a build, a **warning** does not, a **note** tells something. \`--max-warnings 0\`, or \`"maxWarnings": 0\` of the Nx target
\`check-manifest\`, makes warnings stop CI. Most can be accepted with a
reason, which is printed beside the finding from then on:

\`\`\`toml
[package.metadata.package-vm]
allow = [{ finding = "reboot-on-exit", reason = "runs on our own node only" }]
\`\`\`

With \`--fix\`, \`package-vm check\` puts right what is beyond doubt, by edits that keep comments, order and indentation; \`--fix --dry-run\` shows them.

## For other programs

\`--json\` prints what [\`findings.schema.json\`](../packages/manifest/schemas/findings.schema.json) describes: \`findings\` with \`code\`, \`severity\`, \`message\`,
\`hint\`, \`place\` (file, keys, first and last line and column), \`isFixable\`, \`docs\` and \`allowed\`, and a \`summary\`. \`--format sarif\` prints a SARIF 2.1.0
log, \`--format github\` the workflow commands that GitHub shows at their lines. All findings of all given files come at once, in the order of each
file. The exit code is 1 when an error is left or there are more warnings than \`--max-warnings\`, else 0.

${codes.map(section).join('\n')}`;
}

function section(code: ManifestFindingCode): string {
  const { severity } = wordings[code];
  const allowed = isAllowable(code) ? '' : ' · cannot be allowed';
  return `## ${code}

**${severity}**${allowed}${secretPart(code)}

${example(code)}`;
}

function example(code: ManifestFindingCode): string {
  const ofManifest = manifestExamples[code];
  if (ofManifest === undefined) return settingsExample(code);
  const { bad, good, options = { program: 'my_prover' } } = ofManifest;
  const found = findingsOf(bad, options).find((finding) => finding.code === code);
  const fix = found?.fix?.isSafe === true ? '\n\n`--fix` puts it right.' : '';
  return `${quoted(found)}\n\n\`\`\`jsonc\n${shown(bad)}\n\`\`\`\n\nGood:\n\n\`\`\`jsonc\n${shown(good)}\n\`\`\`${fix}\n`;
}

function settingsExample(code: ManifestFindingCode): string {
  const { bad } = settingsExamples[code] ?? {};
  const found = settingsFindingsOf(bad).find((finding) => finding.code === code);
  return `${quoted(found)}\n\n\`\`\`toml\n[package.metadata.package-vm]\n${toml(bad)}\n\`\`\`\n\nGood: no such entry.\n`;
}

function quoted(finding: Finding | undefined): string {
  const { message = '', hint } = finding ?? {};
  return [`> ${message}`, ...(hint === undefined ? [] : ['>', `> ${hint}`])].join('\n');
}

/** A text as a page can show it: neither a megabyte nor what cannot be seen. */
function shown(text: string): string {
  if (text.length > 500) return `${text.slice(0, 40)} … // ${text.length} characters`;
  const visible = text.replaceAll('\uFEFF', '<U+FEFF>');
  // a manifest of a helper, which is one line; those of examples are written for people
  return visible.startsWith('{"') ? pretty(visible) : visible;
}

function pretty(text: string): string {
  return JSON.stringify(JSON.parse(text), null, 2);
}

function toml(value: unknown): string {
  const [[key, entries] = ['', []]] = Object.entries(value as Record<string, readonly Readonly<Record<string, string>>[]>);
  const tables = entries.map((entry) => `{ ${Object.entries(entry).map(([name, text]) => `${name} = ${JSON.stringify(text)}`).join(', ')} }`);
  return `${key} = [${tables.join(', ')}]`;
}

/** The rules are given once. */
function secretPart(code: ManifestFindingCode): string {
  if (code === 'secret-in-env') return secrets();
  return code === 'secret-in-args' || code === 'secret-in-passthrough' ? '\n\nThe rules are those of [`secret-in-env`](#secret-in-env).' : '';
}

function secrets(): string {
  const names = secretNames.map((name) => `\`${name}\``).join(', ');
  const forms = Object.keys(secretForms).map((form) => `- ${form}`).join('\n');
  return `

A value is taken for a secret when the name of its variable, option or key ends with one of ${names} (in any case, with \`-\` or
nothing for \`_\`, with \`_HEX\`, \`_PEM\`, \`_JSON\`, a number and the like behind it) and the value is neither empty, a switch, a short number, a path nor a
placeholder; when it is 32 bytes in hexadecimal and the name ends with \`KEY\`, \`PK\`, \`SK\` or \`SEED\`, unless it speaks of a public, proving or verifying
key; or when it has the form of one of these, whatever its name. It is never printed. The keys of test networks that everybody knows are none.

${forms}`;
}
