/** What `rustc --print cfg` says of a target: `unix`, `target_os="linux"`, … */
export type CfgValues = ReadonlySet<string>;

/**
 * Whether a key of `[target.'cfg(…)']` in a cargo configuration holds for a target.
 *
 * The grammar is that of cargo's `cargo-platform`: `all(…)`, `any(…)`, `not(…)`, `name`, `name = "value"`, `true`, `false`.
 * An expression that cannot be read does not hold; cargo itself reports it.
 */
export function cfgHolds(key: string, values: CfgValues): boolean {
  const inner = /^cfg\((.*)\)$/s.exec(key.trim())?.[1];
  if (inner === undefined) return false;
  const tokens = inner.match(/"[^"]*"|[\w-]+|[(),=]|\S/g) ?? [];
  let position = 0;
  const next = (): string | undefined => tokens[position++];

  const list = (): boolean[] => {
    const results: boolean[] = [];
    if (next() !== '(') throw new SyntaxError(key);
    while (tokens[position] !== ')') {
      results.push(expression());
      if (tokens[position] === ',') position += 1;
      else if (tokens[position] !== ')') throw new SyntaxError(key);
    }
    position += 1;
    return results;
  };
  const expression = (): boolean => {
    const name = next();
    if (name === undefined || !/^[\w-]+$/.test(name)) throw new SyntaxError(key);
    if (tokens[position] === '(') {
      const results = list();
      if (name === 'all') return results.every(Boolean);
      if (name === 'any') return results.some(Boolean);
      if (name === 'not' && results.length === 1) return results[0] === false;
      throw new SyntaxError(key);
    }
    if (tokens[position] === '=') {
      position += 1;
      return values.has(`${name}=${next() ?? ''}`);
    }
    return name === 'true' || values.has(name);
  };

  try {
    const holds = expression();
    return position === tokens.length && holds;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
