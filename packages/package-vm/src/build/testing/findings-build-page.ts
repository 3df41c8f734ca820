import { type Finding } from '@package-vm/manifest';
import { bundleFindings } from '../../bundle/bundle-findings.js';
import { opsAddition, opsWarning } from '../ops-findings.js';
import { releaseFindings } from '../../nanos-release/release-findings.js';
import { type PlanFindingCode, planFinding, planWordings } from '../../plan/plan-findings.js';
import { type PlanExample, planExamples } from '../../plan/testing/plan-examples.js';
import { runExample } from '../../plan/testing/run-example.js';

/** `docs/findings-build.md`, from the words of the findings and examples that tests execute. */
export async function findingsBuildPage(): Promise<string> {
  const sections: string[] = [];
  for (const code of Object.keys(planExamples) as (keyof typeof planExamples)[]) {
    const example = planExamples[code];
    const found = (await runExample(example, example.bad)).find((finding) => finding.code === code);
    sections.push(planSection(code, example, found));
  }
  return `<!-- Generated from the findings and their tested examples by \`npm run generate\`: do not edit. -->

# Findings on files, libraries and the Nanos release

A build finds these; \`package-vm check\` finds those that need no program, and those about klibs where \`nanos.lock.json\` says which release is used.
What severities mean and how a finding is allowed is said on the page of [findings on a manifest](findings.md).

Taken for secrets are files named \`.env\` (but for \`.env.example\` and the like), \`.netrc\`, \`.npmrc\`, \`.pypirc\`, \`.git-credentials\`, \`id_rsa\` and the other
keys of SSH, \`credentials\`, \`*.p12\`, \`*.pfx\`, \`*.jks\` and \`*.keystore\`, and files that begin as a private key in PEM form does. Folders of tools are \`.git\`,
\`.hg\`, \`.svn\`, \`node_modules\`, \`__pycache__\`, \`.venv\` and the target folder of cargo.

${sections.join('\n')}
${otherFindings().map(otherSection).join('\n')}`;
}

function planSection(code: PlanFindingCode, { bad, good, files, how }: PlanExample, found: Finding | undefined): string {
  const names = Object.keys(files).filter((name) => /^[\x20-\x7e]+$/.test(name)).map((name) => `\`${name}\``);
  const beside = names.length === 0 ? '' : `\n\nBeside the manifest: ${names.join(', ')}.`;
  return `## ${code}

**${planWordings[code].severity}**

${quoted(found)}${how === undefined ? '' : `\n\n${how}`}${beside}

${block(bad)}

Good:

${block(good)}
`;
}

function block(manifest: object): string {
  return `\`\`\`json\n${JSON.stringify(manifest, null, 2)}\n\`\`\``;
}

/** A finding that no manifest brings about, and why. */
interface OtherFinding {
  readonly finding: Finding;
  readonly good: string;
  readonly why: string;
}

function otherSection({ finding, good, why }: OtherFinding): string {
  return `## ${finding.code}\n\n**${finding.severity}**\n\n${quoted(finding)}\n\nThere is no manifest to show for it: ${why}.\n\nGood: ${good}\n`;
}

function quoted(finding: Finding | undefined): string {
  const { message = '', hint } = finding ?? {};
  return [`> ${message}`, ...(hint === undefined ? [] : ['>', `> ${hint}`])].join('\n');
}

function otherFindings(): readonly OtherFinding[] {
  const file = { hostPath: '/x', sizeBytes: 1, sha256: '' };
  const release = { version: '0.1.54', origin: 'https://host/', files: [], isLocked: true, isPlaceholder: false };
  const cases: readonly (readonly [readonly Finding[], string, string])[] = [
    [bundleFindings({ name: 'my_prover', program: file, libraries: [{ ...file, guestPath: '/lib/x86_64-linux-gnu/libc.so.6', origin: 'host' }], build: undefined }), 'a static program, or libraries from `sysroot`.', OF_PROGRAM],
    [releaseFindings({ ...release, version: '0.1.55' }), 'Nanos 0.1.54.', OF_RELEASE],
    [releaseFindings({ ...release, isLocked: false }), 'a `nanos.lock.json` that is committed.', OF_RELEASE],
    [[planFinding('unreadable-path', { file: 'vm.json' }, { path: 'params' })], 'files that whoever builds may read.', 'it comes of the permissions of files, and the tests, which run these examples, may run as root, who may read everything'],
    [releaseFindings({ ...release, version: 'placeholder', isPlaceholder: true }), 'a release of Nanos.', OF_RELEASE],
    [[opsWarning({ file: 'vm.json' }, 'a word of warning')], 'an image that ops makes without a word.', OF_OPS],
    [[opsAddition({ file: 'vm.json' }, 'root `/data/c`: {"kind":"file"}')], 'an image that has what was planned, and nothing else.', OF_OPS],
  ];
  return cases.flatMap(([findings, good, why]) => findings.map((finding) => ({ finding, good, why })));
}

const OF_PROGRAM = 'it comes of how the program is linked';
const OF_RELEASE = 'it comes of the release of Nanos that is used';
const OF_OPS = 'it comes of what the installed ops does';
