import { type Loader } from './loader.js';

const TOKEN = /\$(?:\{(ORIGIN|LIB|PLATFORM)\}|(ORIGIN|LIB|PLATFORM)(?!\w))/g;

export interface TokenValues {
  readonly loader: Loader;
  /** Folder of the file that the text is in. */
  readonly origin: string;
}

/**
 * Replaces `$ORIGIN`, `$LIB` and `$PLATFORM` in a path of RPATH, RUNPATH or DT_NEEDED (man ld.so, "Dynamic string tokens").
 * Undefined for what the loader ignores: musl knows only `$ORIGIN`.
 */
export function expandTokens(text: string, { loader, origin }: TokenValues): string | undefined {
  const expanded = text.replace(TOKEN, (token: string, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare;
    if (name === 'ORIGIN') return origin;
    if (loader.flavour === 'musl') return token;
    return name === 'LIB' ? loader.lib : 'x86_64';
  });
  return loader.flavour === 'musl' && expanded.includes('$') ? undefined : expanded;
}

/** Whether a path is relative to the file that it is in. */
export function usesOrigin(text: string): boolean {
  return /^\$(?:\{ORIGIN\}|ORIGIN(?!\w))/.test(text);
}
