import { type Change, type Fix } from '../finding.js';

/** Changes of which it is beyond doubt that they were meant. */
export function safely(...changes: readonly Change[]): Fix {
  return { isSafe: true, changes };
}

/** Changes that are probably right, for somebody to look at. */
export function probably(...changes: readonly Change[]): Fix {
  return { isSafe: false, changes };
}
