import { type GeneratorCallback, type NxJsonConfiguration, type Tree, addDependenciesToPackageJson, formatFiles, readJson, readNxJson, updateNxJson } from '@nx/devkit';
import { readFileSync } from 'node:fs';
import { addEditorSettings } from './editor-settings.js';
import { withDescribedErrors } from '../with-described-errors.js';
import { ownFile } from '../../plugin/own-file.js';

/** The options of `nx g @package-vm/nx:init`, which `nx add @package-vm/nx` runs; see schema.json. */
export interface InitOptions {
  readonly addPlugin?: boolean;
  readonly skipFormat?: boolean;
  readonly skipPackageJson?: boolean;
  readonly keepExistingVersions?: boolean;
  readonly updatePackageScripts?: boolean;
}

const OWN_NAME = '@package-vm/nx';

/** Adds the plugin to nx.json, the package to package.json, the output folder to .gitignore and the manifest's schema to the editor's settings; does nothing where that is done. */
export async function initGenerator(tree: Tree, options: InitOptions): Promise<GeneratorCallback> {
  const install = options.skipPackageJson === true ? nothing : addPackage(tree, options.keepExistingVersions ?? false);
  addToNxJson(tree, options);
  ignoreFolder(tree, 'dist');
  await addEditorSettings(tree);
  if (options.skipFormat !== true) await formatFiles(tree);
  return install;
}

export default withDescribedErrors(initGenerator);

/** Adds a line for a folder to .gitignore, unless one of its lines has that effect. */
export function ignoreFolder(tree: Tree, folder: string): void {
  const text = tree.read('.gitignore', 'utf8') ?? '';
  const isIgnored = text.split(/\r?\n/).some((line) => [folder, `${folder}/`, `/${folder}`, `/${folder}/`, `**/${folder}`, `**/${folder}/`].includes(line.trim()));
  if (!isIgnored) tree.write('.gitignore', `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${folder}\n`);
}

function addToNxJson(tree: Tree, { addPlugin }: InitOptions): void {
  const nxJson: NxJsonConfiguration = readNxJson(tree) ?? {};
  const isWanted = addPlugin ?? (process.env.NX_ADD_PLUGINS !== 'false' && nxJson.useInferencePlugins !== false);
  const plugins = nxJson.plugins ?? [];
  const isThere = plugins.some((plugin) => (typeof plugin === 'string' ? plugin : plugin.plugin) === OWN_NAME);
  if (isWanted && !isThere) updateNxJson(tree, { ...nxJson, plugins: [...plugins, OWN_NAME] });
}

function addPackage(tree: Tree, keepExistingVersions: boolean): GeneratorCallback {
  if (!tree.exists('package.json')) return nothing;
  const { dependencies, devDependencies } = readJson<{ dependencies?: Record<string, string>; devDependencies?: Record<string, string> }>(tree, 'package.json');
  // `nx add` has just put it there, perhaps as a path
  if (dependencies?.[OWN_NAME] !== undefined || devDependencies?.[OWN_NAME] !== undefined) return nothing;
  return addDependenciesToPackageJson(tree, {}, { [OWN_NAME]: ownVersion() }, undefined, keepExistingVersions);
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(ownFile('package.json'), 'utf8')) as { version: string };
  return version;
}

function nothing(): void {
  // nothing to install
}
