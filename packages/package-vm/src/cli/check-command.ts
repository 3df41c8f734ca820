import { type Finding, isBlocking } from '@package-vm/manifest';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type CheckedProject, examineAndCheck } from '../build/check-project.js';
import { mergeChecks } from '../build/merge-checks.js';
import { toolVersion } from '../host-files/tool-version.js';
import { placeSettings } from '../project/place-settings.js';
import { projectManifests } from '../project/project-manifests.js';
import { type ProjectOptions } from '../project/read-project.js';
import { type CommandContext } from './command-context.js';
import { countFindings, formatCounts } from './count-findings.js';
import { findingsJson } from './findings-json.js';
import { findingsSarif } from './findings-sarif.js';
import { type FileFix, formatDiff, planFix, writeFix } from './fix-file.js';
import { githubAnnotations } from './github-annotations.js';
import { writeJson } from './json.js';
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
    .argument('[paths...]', 'manifests or crate folders (default: this folder)')
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
  const projects = (paths.length === 0 ? ['.'] : paths)
    .flatMap((path) => projectManifests(resolve(terminal.cwd, path)))
    .map((place) => ({ ...place, platform: flags.platform, program: flags.bin }));
  const fixed = flags.fix === true ? await fixAll(projects, flags, terminal) : [];
  const checks = projects.map(examineAndCheck);
  const textOf = textReader(checks);
  const findings = await placeSettings(mergeChecks(checks), textOf);
  await report(findings, { textOf, fixed }, flags, terminal);
  const { warnings } = countFindings(findings);
  const isOverLimit = flags.maxWarnings !== undefined && warnings > flags.maxWarnings;
  if (isOverLimit) terminal.note(`More than ${flags.maxWarnings} ${flags.maxWarnings === 1 ? 'warning' : 'warnings'}.`);
  if (findings.some(isBlocking) || isOverLimit) context.exitCode = 1;
}

interface FixedFinding {
  readonly file: string;
  readonly code: string;
}

async function fixAll(projects: readonly ProjectOptions[], { dryRun, format, json }: CheckFlags, terminal: Terminal): Promise<readonly FixedFinding[]> {
  const done: FixedFinding[] = [];
  for (const options of projects) {
    const { project, files, findings } = examineAndCheck(options);
    const [[file, path] = []] = [...files];
    if (file === undefined || path === undefined) continue;
    // what the settings allow is meant to be as it is
    const allowed = new Set(findings.flatMap((finding) => (finding.allowed === undefined ? [] : [finding.code])));
    const fix = await planFix(path, { file, platform: project?.platform ?? options.platform ?? 'gevulot', program: project?.program, scope: 'safe', isWanted: ({ code }) => !allowed.has(code) });
    if (dryRun !== true) writeFix(path, fix);
    else if (fix.before !== fix.after && json !== true && (format ?? 'text') === 'text') await terminal.out(await formatDiff(relative(terminal.cwd, path), fix));
    await tellFixed(file, fix, dryRun === true ? 'Would fix' : 'Fixed', terminal);
    done.push(...fix.fixed.map(({ code }) => ({ file, code })));
  }
  return done;
}

/** Fixes that are told of each file. */
const MAX_TOLD = 100;

async function tellFixed(file: string, { fixed }: FileFix, verb: string, terminal: Terminal): Promise<void> {
  const { describeChange } = await import('@package-vm/manifest/fix');
  for (const { code, fix, message } of fixed.slice(0, MAX_TOLD)) {
    const changes = fix?.changes.map(describeChange).join(', ') ?? message;
    terminal.note(`${terminal.colors.green(verb)} ${code} in ${file}: ${changes}`);
  }
  if (fixed.length > MAX_TOLD) terminal.note(`${terminal.colors.green(verb)} ${fixed.length - MAX_TOLD} more in ${file}`);
}

interface Reported {
  readonly textOf: (file: string) => string | undefined;
  readonly fixed: readonly FixedFinding[];
}

async function report(findings: readonly Finding[], { textOf, fixed }: Reported, flags: CheckFlags, terminal: Terminal): Promise<void> {
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
      const isTold = ({ fix, allowed }: Finding): boolean => flags.fix === true && fix?.isSafe === true && allowed === undefined;
      showFindings(findings.filter((finding) => !isTold(finding)), terminal, { textOf });
      const canFix = flags.fix === true ? 0 : findings.filter(({ fix, allowed }) => fix?.isSafe === true && allowed === undefined).length;
      terminal.note(`${formatCounts(countFindings(findings))}${canFix === 0 ? '' : `; \`--fix\` puts ${canFix} right`}.`);
    }
  }
}

/** The text of a file that findings name, read once. */
function textReader(checks: readonly CheckedProject[]): (file: string) => string | undefined {
  const paths = new Map(checks.flatMap(({ files }) => [...files]));
  const texts = new Map<string, string>();
  return (file) => {
    const path = paths.get(file);
    if (path === undefined) return undefined;
    const text = texts.get(file) ?? readFileSync(path, 'utf8');
    texts.set(file, text);
    return text;
  };
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
