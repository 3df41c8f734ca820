import { type Finding, type Fix, type Place } from './finding.js';
import { gevulotWordings } from './wordings/gevulot-wordings.js';
import { keysWordings } from './wordings/keys-wordings.js';
import { mountsWordings } from './wordings/mounts-wordings.js';
import { passthroughWordings } from './wordings/passthrough-wordings.js';
import { programWordings } from './wordings/program-wordings.js';
import { settingsWordings } from './wordings/settings-wordings.js';
import { textWordings } from './wordings/text-wordings.js';
import { valuesWordings } from './wordings/values-wordings.js';
import { type Wording } from './wordings/wording.js';

/** The words of every finding of this package, by code. A code is an interface: it is never reused or renamed. */
export const wordings = {
  ...textWordings,
  ...keysWordings,
  ...passthroughWordings,
  ...valuesWordings,
  ...programWordings,
  ...mountsWordings,
  ...gevulotWordings,
  ...settingsWordings,
} satisfies Record<string, Wording>;

export type ManifestFindingCode = keyof typeof wordings;
export type FindingArgs<Code extends ManifestFindingCode> =
  Parameters<(typeof wordings)[Code]['message']> extends [infer Args] ? Args : Readonly<Record<string, never>>;

/** A finding in the words of its code. */
export function finding<Code extends ManifestFindingCode>(code: Code, place: Place, args: FindingArgs<Code>, fix?: Fix): Finding {
  const wording: Wording = wordings[code];
  // `FindingArgs` ties the arguments to the code; the table as a whole cannot say so
  const words = args as never;
  return { code, severity: wording.severity, message: wording.message(words), hint: wording.hint(words, fix), place, ...(fix === undefined ? {} : { fix }) };
}

/** Whether a code is one of this package's. */
export function isManifestFinding(code: string): code is ManifestFindingCode {
  return Object.hasOwn(wordings, code);
}

/** Whether the settings may accept findings of this code. Codes of other packages may be accepted. */
export function isAllowable(code: string): boolean {
  return !isManifestFinding(code) || wordings[code].isAllowable;
}
