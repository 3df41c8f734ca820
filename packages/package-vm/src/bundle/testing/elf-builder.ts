export interface ElfRecipe {
  /** e_machine; default 62, x86_64. */
  readonly machine?: number;
  readonly bits?: 32 | 64;
  readonly osAbi?: number;
  /** e_type: 1 REL, 2 EXEC, 3 DYN, 4 CORE; default DYN. */
  readonly type?: number;
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  /** Content by name; none by default. */
  readonly sections?: Readonly<Record<string, string | Buffer>>;
}

export const GLIBC = '/lib64/ld-linux-x86-64.so.2';
export const MUSL = '/lib/ld-musl-x86_64.so.1';

/** A small ELF file that says what the recipe says: headers and a dynamic section, no code. */
export function buildElf(recipe: ElfRecipe = {}): Buffer {
  const { machine = 62, bits = 64, osAbi = 0, type = 3, interpreter, needed = [], soname, rpath, runpath } = recipe;
  const header = Buffer.alloc(bits === 64 ? 64 : 52);
  header.write('\x7fELF', 'latin1');
  header.set([bits === 64 ? 2 : 1, 1, 1, osAbi], 4);
  header.writeUInt16LE(type, 16);
  header.writeUInt16LE(machine, 18);
  header.writeUInt32LE(1, 20);
  if (bits === 32) return header;

  const strings = new StringTable();
  const tags: (readonly [number, number])[] = needed.map((name) => [1, strings.add(name)] as const);
  for (const [tag, text] of [[14, soname], [15, rpath], [29, runpath]] as const) if (text !== undefined) tags.push([tag, strings.add(text)]);
  const path = Buffer.from(interpreter === undefined ? '' : `${interpreter}\0`);
  const segmentCount = (interpreter === undefined ? 0 : 1) + 2;
  const pathOffset = header.length + segmentCount * 56;
  const stringsOffset = pathOffset + path.length;
  const dynamicOffset = stringsOffset + strings.bytes().length;
  const dynamic = words([...tags.flat(), 5, stringsOffset, 10, strings.bytes().length, 0, 0]);
  const fileBytes = dynamicOffset + dynamic.length;

  header.writeBigUInt64LE(64n, 32);
  header.writeUInt16LE(64, 52);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(segmentCount, 56);
  const segments = [
    segment(1, 0, fileBytes),
    ...(interpreter === undefined ? [] : [segment(3, pathOffset, path.length)]),
    segment(2, dynamicOffset, dynamic.length),
  ];
  return withSections(Buffer.concat([header, ...segments, path, strings.bytes(), dynamic]), recipe.sections);
}

/** The file with sections behind it, and behind these their names and headers. */
function withSections(file: Buffer, sections: ElfRecipe['sections']): Buffer {
  if (sections === undefined) return file;
  const names = new StringTable();
  const parts = Object.entries(sections).map(([name, content]) => ({ name: names.add(name), content: Buffer.from(content) }));
  const namesEntry = { name: names.add('.shstrtab'), content: names.bytes() };
  let offset = file.length;
  const headers = [...parts, namesEntry].map(({ name, content }) => {
    const header = words([0, 0, 0, offset, content.length, 0, 1, 0]);
    header.writeUInt32LE(name, 0);
    header.writeUInt32LE(1, 4);
    offset += content.length;
    return header;
  });
  const start = Buffer.from(file);
  start.writeBigUInt64LE(BigInt(offset), 40);
  start.writeUInt16LE(64, 58);
  start.writeUInt16LE(headers.length + 1, 60);
  start.writeUInt16LE(headers.length, 62);
  return Buffer.concat([start, ...parts.map(({ content }) => content), namesEntry.content, Buffer.alloc(64), ...headers]);
}

/** A dynamic loader with its default folders, as glibc or musl keep them. */
export function buildLoader(kind: 'debian' | 'fedora' | 'musl' | 'unknown'): Buffer {
  const tables = {
    debian: '/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0',
    fedora: '/lib64/\0/usr/lib64/\0',
    musl: '/lib:/usr/local/lib:/usr/lib\0',
    unknown: '',
  };
  const soname = kind === 'musl' ? 'libc.so' : 'ld-linux-x86-64.so.2';
  return Buffer.concat([buildElf({ soname }), Buffer.from(`\0\0${tables[kind]}\0/etc/ld.so.cache\0`)]);
}

class StringTable {
  #text = '\0';

  add(text: string): number {
    const index = Buffer.byteLength(this.#text);
    this.#text += `${text}\0`;
    return index;
  }

  bytes(): Buffer {
    return Buffer.from(this.#text);
  }
}

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), index * 8);
  return bytes;
}

/** A program header whose addresses are offsets. */
function segment(type: number, offset: number, length: number): Buffer {
  const header = words([0, offset, offset, offset, length, length, 8]);
  header.writeUInt32LE(type, 0);
  header.writeUInt32LE(5, 4);
  return header;
}
