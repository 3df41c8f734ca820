import { PackageVmError } from '@package-vm/errors';

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `90s`, `30m`, `1h`; a bare number is seconds. @throws PVM_BAD_USAGE */
export function parseDurationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const value = Number(match?.[1]) * (MILLISECONDS[match?.[2] ?? 's'] ?? 0);
  // timers of Node count in 31 bits
  if (match === null || value < 1 || value > 2 ** 31 - 1) throw badUnit('duration', text, '90s, 30m or 1h, at most 596h');
  return value;
}

/** `2048M`, `4G`; a bare number is MiB, as QEMU takes it. @throws PVM_BAD_USAGE */
export function parseMemoryMiB(text: string): number {
  const match = /^(\d+)\s*([MG])?(?:i?B)?$/i.exec(text);
  const value = Number(match?.[1]) * (match?.[2]?.toUpperCase() === 'G' ? 1024 : 1);
  if (match === null || value < 1) throw badUnit('memory size', text, '2048M or 4G');
  return value;
}

function badUnit(what: string, text: string, examples: string): PackageVmError {
  return new PackageVmError('PVM_BAD_USAGE', `\`${text}\` is no ${what}, expected for example ${examples}`);
}
