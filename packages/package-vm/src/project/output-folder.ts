import { posix } from 'node:path';

export interface OutputOf {
  /** Folder of the crate, relative to the Nx workspace. */
  readonly projectRoot: string;
  readonly program: string;
  readonly variant?: string | undefined;
}

/**
 * The folder of a program's `bundle` and `image`, relative to the Nx workspace: `dist/package-vm/<project root>/<program>`, of a
 * variant `…/<program>@<variant>`. Beside each other and never within, since Nx empties an output before it restores it;
 * neither a crate nor a variant may have `@` in its name.
 */
export function outputFolder({ projectRoot, program, variant }: OutputOf): string {
  return posix.join('dist/package-vm', projectRoot, variant === undefined ? program : `${program}@${variant}`);
}
