import { type SourcesRead } from './dep-info.js';

/** What a build script said. */
export interface BuildScriptOutput extends SourcesRead {
  /** Arguments for the linker of a program. */
  readonly linkArguments: readonly string[];
}

/**
 * Reads the `rerun-if-changed`, `rerun-if-env-changed` and `rustc-link-arg` lines of a build script, with one colon or two
 * (https://doc.rust-lang.org/cargo/reference/build-scripts.html#outputs-of-the-build-script). Paths are as they stand there.
 */
export function parseBuildScriptOutput(text: string): BuildScriptOutput {
  const values = (key: string): readonly string[] =>
    text.split(/\r?\n/).flatMap((line) => {
      const value = line.startsWith('cargo:') ? line.slice('cargo:'.length).replace(/^:/, '') : '';
      return value.startsWith(`${key}=`) ? [value.slice(key.length + 1)] : [];
    });
  return {
    files: [...new Set(values('rerun-if-changed'))],
    environment: [...new Set(values('rerun-if-env-changed'))],
    linkArguments: [...values('rustc-link-arg'), ...values('rustc-link-arg-bins'), ...values('rustc-link-arg-bin').map((value) => value.replace(/^[^=]*=/, ''))],
  };
}
