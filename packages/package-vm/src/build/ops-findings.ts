import { type Finding, type Place } from '@package-vm/manifest';

/** What ops thought worth a line, of an image that it made. */
export function opsWarning(place: Place, line: string): Finding {
  const hint = 'Nothing was changed because of it: see whether the image is what you want, or build with the engine `builtin`.';
  return { code: 'ops-warning', severity: 'warning', message: `ops said: ${line}`, hint, place };
}

/** What is in the image of ops beside what was planned. */
export function opsAddition(place: Place, what: string): Finding {
  return { code: 'ops-added', severity: 'warning', message: `ops added ${what}`, hint: 'Build with the engine `builtin` for an image without it.', place };
}
