import { type CheckOptions, type Finding, applyAllowed, checkManifest, parseManifest, parseSettings } from '../index.js';

/** All findings on a manifest's text, as `check` would give them. */
export function findingsOf(text: string, options: Partial<CheckOptions> = {}): readonly Finding[] {
  const file = 'vm.json';
  const { manifest, findings } = parseManifest(text, { file });
  return [...findings, ...(manifest === undefined ? [] : checkManifest(manifest, { platform: 'gevulot', ...options, file }))];
}

/** All findings on settings, with a manifest that has none. */
export function settingsFindingsOf(raw: unknown): readonly Finding[] {
  const { settings, findings } = parseSettings(raw, { file: 'Cargo.toml' });
  return applyAllowed(findings, settings.allow);
}

export function codesOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ code }) => code);
}

/** A manifest without any finding, with some keys replaced. */
export function goodManifest(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 'true' },
    Program: 'my_prover',
    Mounts: { '%0': '/workspace' },
    ...changes,
  });
}

/** {@link goodManifest} with more in `ManifestPassthrough`. */
export function withPassthrough(passthrough: Readonly<Record<string, unknown>>, changes: Readonly<Record<string, unknown>> = {}): string {
  return goodManifest({ ...changes, ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 'true', ...passthrough } });
}
