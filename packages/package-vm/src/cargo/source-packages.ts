import { dirname } from 'node:path';
import { type BuildTrace } from './build-program.js';
import { pathOnThisMachine } from './container-paths.js';
import { GeneratedFiles } from './generated-files.js';
import { isByPath, nameOfPackage } from './package-id.js';
import { realPath } from './real-files.js';

/** A package whose sources may be edited: reached by a path, or vendored. */
export interface SourcePackage {
  readonly name: string;
  /** Absolute, links followed. */
  readonly folder: string;
  /** Of what stands for a registry cargo takes it that nothing ever changes. */
  readonly isVendored: boolean;
}

/** The packages that a build is made of, but for those that Cargo.lock and the toolchain hold. */
export function sourcePackages(trace: BuildTrace): readonly SourcePackage[] {
  const generated = new GeneratedFiles(trace);
  const found = new Map<string, SourcePackage>();
  for (const message of trace.messages) {
    if (message.reason !== 'compiler-artifact' || message.manifest_path === '') continue;
    const folder = realPath(dirname(pathOnThisMachine(message.manifest_path, trace.package)));
    const { package_id: id } = message;
    if (isByPath(id) || !generated.isPinned(folder)) found.set(folder, { name: nameOfPackage(id), folder, isVendored: !isByPath(id) });
  }
  return [...found.values()];
}
