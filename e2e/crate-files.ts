/** A crate's `Cargo.toml`, with whatever else it says. */
export function crate(name: string, rest = ''): string {
  return `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n\n${rest}\n`;
}

/** Our settings in it, a line each. */
export function settings(...lines: readonly string[]): string {
  return `[package.metadata.package-vm]\n${lines.join('\n')}\n`;
}

/** A manifest without findings, but for what is given. */
export function manifest(program: string, more: object = {}): string {
  return JSON.stringify({ Program: program, ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 'true' }, Mounts: { '%0': '/workspace' }, ...more });
}
