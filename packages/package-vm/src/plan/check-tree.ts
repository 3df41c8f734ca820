import { type Finding } from '@package-vm/manifest';
import { posix } from 'node:path';
import { resolveInGuest } from '../bundle/resolve-in-guest.js';
import { brokenLinks } from './broken-links.js';
import { type PlanOptions } from './plan-options.js';
import { planFinding } from './plan-findings.js';
import { type PlannedTree } from './plan-tree.js';

/** What would go wrong in the guest: a working folder that is not there, links that lead nowhere, libraries that its loader would not find. */
export function checkTree({ manifest, placeOf }: PlanOptions, { entries, mountPoints, elfFiles, programPath }: PlannedTree & { readonly programPath: string }): readonly Finding[] {
  const cwd = manifest.ManifestPassthrough?.cwd;
  const workingFolder = typeof cwd === 'string' ? posix.normalize(cwd) : '/';
  const hasWorkingFolder = workingFolder === '/' || entries.some(({ kind, path }) => kind === 'directory' && path === workingFolder);
  const missing = resolveInGuest({
    programPath,
    elfFiles,
    links: new Map(entries.flatMap((entry) => (entry.kind === 'link' ? [[entry.path, entry.target]] : []))),
    libraryPath: manifest.Env?.LD_LIBRARY_PATH?.split(':'),
    workingFolder,
  });
  return [
    ...(hasWorkingFolder ? [] : [planFinding('working-folder-missing', placeOf(['ManifestPassthrough', 'cwd']), { path: workingFolder })]),
    ...brokenLinks(entries, mountPoints).map(({ path, target }) => planFinding('broken-link', placeOf([]), { path, target })),
    ...missing.map(({ library, neededBy, searched }) => planFinding('library-not-in-image', placeOf(['Program']), { library, path: neededBy.join('`, `'), searched })),
  ];
}
