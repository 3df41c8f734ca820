import { errorExitCode, isPackageVmError, printable } from '@package-vm/errors';
import { type Finding, decodeText, isBlocking } from '@package-vm/manifest';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { relative, resolve } from 'node:path';
import { type CheckedProject, examineAndCheck } from '../build/check-project.js';
import { type MergedChecks, fileByFile, mergeChecks } from '../build/merge-checks.js';
import { readManifest } from '../host-files/read-manifest.js';
import { toolVersion } from '../host-files/tool-version.js';
import { findWorkspaceRoot } from '../project/find-workspace-root.js';
import { placeSettings } from '../project/place-settings.js';
import { projectManifests } from '../project/project-manifests.js';
import { type ProjectOptions } from '../project/read-project.js';
import { type CommandContext } from './command-context.js';
import { countFindings, excessWarnings, formatCounts } from './count-findings.js';
import { findingsJson } from './findings-json.js';
import { findingsSarif } from './findings-sarif.js';
import { type FileFix, formatDiff, planFix, writeFix } from './fix-file.js';
import { fromHere } from './from-here.js';
import { githubAnnotations } from './github-annotations.js';
import { writeJson } from './json.js';
import { reportError } from './report-error.js';
import { showFindings } from './show-findings.js';
import { type Terminal } from './terminal.js';

interface CheckFlags {
  readonly config?: string;
  readonly platform?: 'gevulot' | 'nanos';
  readonly bin?: string;
  readonly format?: 'text' | 'json' | 'sarif' | 'github';
  readonly json?: boolean;
  readonly maxWarnings?: number;
  readonly fix?: boolean;
  readonly dryRun?: boolean;
}

/** `package-vm check`: every finding about manifests and settings, before anything is built. */
export function registerCheck(program: Command, context: CommandContext): void {
  program
    .command('check')
    .description('Check manifests and settings without building anything.')
    .argument('[paths...]', 'manifests, crate folders, or the root of a cargo workspace (default: this folder)')
    .option('-c, --config <manifest>', 'a manifest, as with build')
    .option('--bin <name>', 'which program of the crate')
    .addOption(new Option('--platform <platform>', 'where the image will run (default: the settings, then gevulot)').choices(['gevulot', 'nanos']))
    .addOption(new Option('--format <format>', 'how findings are printed: for people, as data, or for annotations in CI').choices(['text', 'json', 'sarif', 'github']))
    .option('--json', 'print the findings as JSON, like --format json')
    .addOption(new Option('--max-warnings <number>', 'fail when there are more warnings than that').argParser(wholeNumber))
    .option('--fix', 'put right what is beyond doubt, in place')
    .option('--dry-run', 'with --fix: show what would change, and write nothing')
    .action((paths: string[], flags: CheckFlags) => runCheck([...paths, ...(flags.config === undefined ? [] : [flags.config])], flags, context));
}

async function runCheck(paths: readonly string[], flags: CheckFlags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const projects = (paths.length === 0 ? ['.'] : paths).flatMap((path) => namedProjects(resolve(terminal.cwd, path), flags));
  const examine = (options: ProjectOptions): CheckedProject => examineOrTell(options, { isOnly: projects.length === 1 });
  const before = projects.map(examine);
  const fixes = await planFixes(before);
  const done = flags.fix === true ? await makeFixes(fixes, flags, context) : [];
  const checks = done.length > 0 && flags.dryRun !== true ? projects.map(examine) : before;
  const { findings: merged, files } = mergeChecks(checks, terminal.cwd);
  const textAt = textReader();
  const placed = fileByFile(await placeSettings(merged, (file) => textAt(files.get(file))));
  const findings = withoutIdleFixes({ findings: placed, files }, flags.fix === true && flags.dryRun !== true ? [] : fixes);
  await report({ findings, files }, { textAt, fixed: done.flatMap(({ file, fixed }) => fixed.map(({ code }) => ({ file, code }))) }, flags, terminal);
  const excess = excessWarnings(findings, flags.maxWarnings);
  if (excess !== undefined) terminal.note(excess);
  if (findings.some(isBlocking) || excess !== undefined) context.exitCode = 1;
}

/** The manifests that a path means; of a crate with a program named, only that program's. */
function namedProjects(path: string, { platform, bin }: CheckFlags): readonly ProjectOptions[] {
  return projectManifests(path, bin).map((place) => ({ ...place, platform }));
}

/** What is at fault with one of several is a finding, so that the others are told of too. */
function examineOrTell(options: ProjectOptions, { isOnly }: { isOnly: boolean }): CheckedProject {
  try {
    return examineAndCheck(options);
  } catch (error) {
    if (isOnly || !isPackageVmError(error) || errorExitCode(error) !== 1) throw error;
    const path = options.manifestPath ?? options.folder;
    const file = relative(findWorkspaceRoot(options.folder), path) || '.';
    const { message, hint } = error;
    return { project: undefined, files: new Map([[file, path]]), findings: [{ code: 'unreadable-path', severity: 'error', message, ...(hint === undefined ? {} : { hint }), place: { file } }] };
  }
}

/** What `--fix` would make of each manifest with something to put right. */
async function planFixes(checks: readonly CheckedProject[]): Promise<readonly PlannedFix[]> {
  const plans: PlannedFix[] = [];
  for (const { project, findings } of checks) {
    if (project === undefined || !findings.some(({ fix }) => fix?.isSafe === true)) continue;
    const { file } = project.placeOf([]);
    // what the settings allow is meant to be as it is
    const allowed = new Set(findings.flatMap((finding) => (finding.allowed === undefined ? [] : [finding.code])));
    const fix = await planFix(project.manifestPath, { file, platform: project.platform, program: project.program, isWanted: ({ code }) => !allowed.has(code), scope: 'safe' });
    plans.push({ ...fix, file, isHeldUp: fix.fixed.length === 0 && findings.some(({ code, place }) => code === 'syntax' && place.file === file) });
  }
  return plans;
}

interface PlannedFix extends FileFix {
  readonly file: string;
  /** Whether nothing is put right since the text is no JSON, and only somebody can tell what it should be. */
  readonly isHeldUp: boolean;
}

/** Makes or shows the fixes, and gives those that were made. */
async function makeFixes(fixes: readonly PlannedFix[], { dryRun = false, format, json }: CheckFlags, context: CommandContext): Promise<readonly PlannedFix[]> {
  const { terminal } = context;
  const done: PlannedFix[] = [];
  for (const fix of fixes) {
    try {
      if (!dryRun) writeFix(fix);
      else if (fix.before !== fix.after && json !== true && (format ?? 'text') === 'text') await terminal.out(await formatDiff(relative(terminal.cwd, fix.path), fix));
    } catch (error) {
      if (fixes.length === 1 || !isPackageVmError(error)) throw error;
      context.exitCode = await reportError(error, terminal, false);
      continue;
    }
    if (fix.isHeldUp) terminal.note(printable(`Fixed nothing in ${relative(terminal.cwd, fix.path)}: put its syntax right first.`));
    await tellFixed(fix, dryRun ? 'Would fix' : 'Fixed', terminal);
    done.push(fix);
  }
  return done;
}

/** Fixes that are told of each file. */
const MAX_TOLD = 100;

async function tellFixed({ path, fixed }: PlannedFix, verb: string, terminal: Terminal): Promise<void> {
  const file = relative(terminal.cwd, path);
  const { describeChange } = await import('@package-vm/manifest/fix');
  const told = terminal.colors.green(verb);
  for (const { code, fix, message } of fixed.slice(0, MAX_TOLD)) {
    terminal.note(`${told} ${code} in ${printable(`${file}: ${fix?.changes.map(describeChange).join(', ') ?? message}`)}`);
  }
  if (fixed.length > MAX_TOLD) terminal.note(`${told} ${fixed.length - MAX_TOLD} more in ${printable(file)}`);
}

/** Findings without the fixes that `--fix` would not make: of what is not wholly clear, or because others would come of them. */
function withoutIdleFixes({ findings, files }: MergedChecks, fixes: readonly PlannedFix[]): readonly Finding[] {
  const nameOf = (path: string | undefined, { code, place }: Finding): string => JSON.stringify([path, code, place.keys ?? [place.line, place.column]]);
  const made = new Set(fixes.flatMap(({ path, fixed }) => fixed.map((finding) => nameOf(path, finding))));
  return findings.map((finding) => {
    if (finding.fix === undefined || made.has(nameOf(files.get(finding.place.file), finding))) return finding;
    const { fix, ...others } = finding;
    return others;
  });
}

interface FixedFinding {
  readonly file: string;
  readonly code: string;
}

interface Reported {
  readonly textAt: (path: string | undefined) => string | undefined;
  readonly fixed: readonly FixedFinding[];
}

async function report({ findings, files }: MergedChecks, { textAt, fixed }: Reported, flags: CheckFlags, terminal: Terminal): Promise<void> {
  switch (flags.json === true ? 'json' : flags.format) {
    case 'json':
      await writeJson(terminal, { ...findingsJson(findings), ...(flags.fix === true ? { fixed } : {}) });
      return;
    case 'sarif':
      await writeJson(terminal, findingsSarif(findings, toolVersion()));
      return;
    case 'github':
      await terminal.out(githubAnnotations(findings));
      return;
    default: {
      // what would be fixed is told already
      const isTold = ({ fix, allowed }: Finding): boolean => flags.fix === true && fix !== undefined && allowed === undefined;
      const shown = findings.filter((finding) => !isTold(finding));
      showFindings(fromHere(shown, terminal.cwd, (file) => files.get(file)), terminal, { textOf: (file) => textAt(resolve(terminal.cwd, file)) });
      const canFix = flags.fix === true ? 0 : findings.filter(({ fix, allowed }) => fix?.isSafe === true && allowed === undefined).length;
      terminal.note(`${formatCounts(countFindings(findings))}${canFix === 0 ? '' : `; \`--fix\` puts ${canFix} right`}.`);
    }
  }
}

/** The text of a file, read once. */
function textReader(): (path: string | undefined) => string | undefined {
  const texts = new Map<string | undefined, string | undefined>();
  return (path) => {
    if (!texts.has(path)) texts.set(path, tryRead(path));
    return texts.get(path);
  };
}

/** There are no lines to show of what cannot be read, which a finding tells. */
function tryRead(path: string | undefined): string | undefined {
  try {
    return path === undefined ? undefined : decodeText(readManifest(path)).text;
  } catch (error) {
    if (isPackageVmError(error)) return undefined;
    throw error;
  }
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
