import { type Finding, inFileOrder } from './finding.js';
import { type CheckOptions, type Rule, startCheck } from './rules/check.js';
import { effectRules } from './rules/effect-rules.js';
import { gevulotRules } from './rules/gevulot-rules.js';
import { klibRules } from './rules/klib-rules.js';
import { listRules } from './rules/list-rules.js';
import { mountPointRules } from './rules/mount-rules.js';
import { networkRules } from './rules/network-rules.js';
import { passthroughRules } from './rules/passthrough-rules.js';
import { programRules } from './rules/program-rules.js';
import { argumentRules, environmentRules, passthroughSecretRules } from './rules/value-rules.js';
import { type Manifest } from './schema/manifest.js';

const generalRules: readonly Rule[] = [effectRules, argumentRules, environmentRules, programRules, listRules, mountPointRules, networkRules, passthroughRules, passthroughSecretRules, klibRules];
const rules: Readonly<Record<CheckOptions['platform'], readonly Rule[]>> = { nanos: generalRules, gevulot: [...generalRules, gevulotRules] };

/**
 * The findings on what a manifest means: the general ones and those of its platform, in the order of the file. Lines and columns are known for a
 * manifest of {@link parseManifest}. Looks at no other file.
 */
export function checkManifest(manifest: Manifest, options: CheckOptions): readonly Finding[] {
  const check = startCheck(manifest, options);
  return inFileOrder(rules[options.platform].flatMap((rule) => [...rule(check)]));
}
