export interface TemplateOptions {
  readonly program: string;
  readonly platform?: 'gevulot';
  /** Whether to say why each element is there. The real ops refuses a manifest with comments, so they are left out unless asked for. */
  readonly withComments?: boolean;
}

/** The text of a good manifest for a program: as Gevulot documents it, with the program's exit code. */
export function manifestTemplate({ program, withComments = false }: TemplateOptions): string {
  const why = (comment: string): string => (withComments ? `    // ${comment}\n` : '');
  const name = JSON.stringify(program);
  return `{
  "ManifestPassthrough": {
${why('A node attaches the image read-only.')}    "readonly_rootfs": "true",
${why('QEMU ends with the program’s exit code.')}    "debug_exit": "true"
  },
  "Env": {
${why('A panic prints where it happened.')}    "RUST_BACKTRACE": "1"
  },
${why('The program of the crate, and its path inside the image.').slice(withComments ? 2 : 0)}  "Program": ${name},
  "Mounts": {
${why('The first folder that the host shares: task and result are there.')}    "%0": "/workspace"
  }
}
`;
}
