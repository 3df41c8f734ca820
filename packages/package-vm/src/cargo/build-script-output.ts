import { type SourcesRead } from './dep-info.js';

/**
 * What a build script said that it read: its `rerun-if-changed` and `rerun-if-env-changed` lines, with one colon or two
 * (https://doc.rust-lang.org/cargo/reference/build-scripts.html#outputs-of-the-build-script). Paths are as they stand there.
 */
export function parseBuildScriptOutput(text: string): SourcesRead {
  const values = (key: string): readonly string[] =>
    text.split(/\r?\n/).flatMap((line) => {
      const value = line.startsWith('cargo:') ? line.slice('cargo:'.length).replace(/^:/, '') : '';
      return value.startsWith(`${key}=`) ? [value.slice(key.length + 1)] : [];
    });
  return { files: [...new Set(values('rerun-if-changed'))], environment: [...new Set(values('rerun-if-env-changed'))] };
}
