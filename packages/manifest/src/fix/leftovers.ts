import { type Finding, type Place, probably } from '../finding.js';
import { finding } from '../findings.js';
import { readDocument } from '../read-document.js';
import { suggestManifestKey } from '../suggest-manifest-key.js';
import { NodeIndex } from '../syntax/node-index.js';
import { type JsonNode } from '../syntax/node.js';

const SECTIONS = ['RunConfig', 'CloudConfig', 'TargetConfig', 'Files'] as const;

/**
 * What is left of an old manifest when its mistakes are put right: sections without anything in them, not even a comment or something that could not be
 * understood; klibs in both places where they have been documented; a list of versions, as old documentation has it, with only one; and mounts the wrong
 * way round.
 */
export function leftovers(text: string, file: string): readonly Finding[] {
  const { source } = readDocument(text, file);
  if (source === undefined) return [];
  const index = new NodeIndex(source.root);
  const empty = SECTIONS.filter((key) => isEmpty(index.node([key]), text));
  const versions = asObject(source.value).NanosVersion;
  const [version] = isNames(versions) && versions.length === 1 ? versions : [];
  const mounts = swappedMounts(asObject(asObject(source.value).Mounts));
  const klibs = Object.keys(asObject(asObject(source.value).RunConfig)).flatMap((key) => mergedKlibs(key, source.value));
  return [
    ...(version === undefined ? [] : [finding('nanos-version-ignored', source.place(['NanosVersion'], 'key'), {}, probably({ kind: 'set', keys: ['NanosVersion'], value: version }))]),
    ...mounts.map(({ guestPath, key }) => turnedRound(source.place(['Mounts', guestPath]), guestPath, key)),
    ...empty.map((key) => finding('no-effect', source.place([key], 'key'), { keys: [key] }, probably({ kind: 'remove', keys: [key] }))),
    ...klibs.map(({ keys, names }) =>
      finding(
        'unknown-key',
        source.place(keys, 'key'),
        { keys, suggestion: suggestManifestKey(['RunConfig'], 'Klibs') },
        probably({ kind: 'set', keys: ['Klibs'], value: names }, { kind: 'remove', keys }),
      ),
    ),
  ];
}

/** `"/workspace": "%0"`, where `%0` is not taken. */
function swappedMounts(mounts: Readonly<Record<string, unknown>>): { guestPath: string; key: string }[] {
  const taken = new Set(Object.keys(mounts));
  return Object.entries(mounts).flatMap(([guestPath, key]) => {
    if (!guestPath.startsWith('/') || typeof key !== 'string' || !/^%\d+$/.test(key) || taken.has(key)) return [];
    taken.add(key);
    return [{ guestPath, key }];
  });
}

function turnedRound(place: Place, guestPath: string, key: string): Finding {
  const keys = ['Mounts', guestPath];
  return finding('bad-value', place, { keys, rule: 'has the folder on the left', value: key }, probably({ kind: 'rename', keys, to: key }, { kind: 'set', keys, value: guestPath }));
}

function isEmpty(node: JsonNode | undefined, text: string): boolean {
  return node !== undefined && node.kind !== 'plain' && text.slice(node.start + 1, node.end - 1).trim() === '';
}

/** `RunConfig.Klibs` added to `Klibs`, where both are lists of names. */
function mergedKlibs(key: string, manifest: unknown): { keys: readonly string[]; names: readonly string[] }[] {
  const { Klibs: top, RunConfig } = asObject(manifest);
  const own = asObject(RunConfig)[key];
  if (key.toLowerCase() !== 'klibs' || !isNames(top) || !isNames(own)) return [];
  return [{ keys: ['RunConfig', key], names: [...new Set([...top, ...own])] }];
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
