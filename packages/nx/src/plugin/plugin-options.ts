/** A target's place in the project: under another name, or not at all. */
export type TargetChoice = { readonly targetName?: string } | false;

/** What makes images; the choice of each target may still be another. */
export type EngineName = 'builtin' | 'ops';

/** The options of the plugin in `nx.json`. */
export interface PluginOptions {
  readonly cargoBuild?: TargetChoice;
  readonly packageVm?: { readonly targetName?: string; readonly engine?: EngineName } | false;
  readonly checkManifest?: TargetChoice;
  readonly rehearseVm?: TargetChoice;
  readonly runVm?: TargetChoice;
}

export function chosenEngine({ packageVm }: PluginOptions = {}): EngineName | undefined {
  return packageVm === false ? undefined : packageVm?.engine;
}

/** The name of each target; undefined for one that is switched off. */
export type TargetNames = Readonly<Record<keyof PluginOptions, string | undefined>>;

export const defaultTargetNames = {
  cargoBuild: 'cargo-build',
  packageVm: 'package-vm',
  checkManifest: 'check-manifest',
  rehearseVm: 'rehearse-vm',
  runVm: 'run-vm',
} as const satisfies TargetNames;

export function targetNames(options: PluginOptions = {}): TargetNames {
  const name = (target: keyof PluginOptions): string | undefined => {
    const choice = options[target];
    return choice === false ? undefined : (choice?.targetName ?? defaultTargetNames[target]);
  };
  return { cargoBuild: name('cargoBuild'), packageVm: name('packageVm'), checkManifest: name('checkManifest'), rehearseVm: name('rehearseVm'), runVm: name('runVm') };
}
