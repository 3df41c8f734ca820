/** The text of a good manifest for a program: as Gevulot documents it, with the program's exit code. Read by ops too, so without comments. */
export function manifestTemplate({ program }: { readonly program: string; readonly platform?: 'gevulot' }): string {
  const manifest = {
    ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 'true' },
    Env: { RUST_BACKTRACE: '1' },
    Program: program,
    Mounts: { '%0': '/workspace' },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
