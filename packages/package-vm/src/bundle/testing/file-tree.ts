import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Path → content; `{ link }` is a symbolic link. */
export type Files = Readonly<Record<string, string | Buffer | { readonly link: string }>>;

/** A temporary folder with files. */
export class FileTree {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'file-tree-')));

  constructor(files: Files = {}) {
    this.add(files);
  }

  add(files: Files): void {
    for (const [path, content] of Object.entries(files)) {
      const file = this.path(path);
      mkdirSync(dirname(file), { recursive: true });
      if (typeof content === 'string' || Buffer.isBuffer(content)) writeFileSync(file, content);
      else symlinkSync(content.link, file);
    }
  }

  path(path: string): string {
    return join(this.folder, path);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
