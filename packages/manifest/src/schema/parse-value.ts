import { type z } from 'zod';
import { confusedType } from '../confusions.js';
import { type Finding, type Keys, type Place } from '../finding.js';
import { finding } from '../findings.js';
import { type Suggestion } from '../suggestion.js';

export interface ParseRules {
  /** Where a path is in the text. */
  readonly place: (keys: Keys, part?: 'key' | 'value') => Place;
  /** What was meant by a key that the schema does not list. */
  readonly suggest: (section: Keys, key: string) => Suggestion | undefined;
}

export interface ParsedValue<T> {
  /** What is right in the input; undefined when nothing is, as in a list where an object is expected. */
  readonly value: T | undefined;
  readonly findings: readonly Finding[];
  /** The paths that were left out, since a finding is about them. */
  readonly leftOut: readonly Keys[];
}

/** Parses a value by a schema whose keys are all optional. What is wrong becomes a finding and is left out, so that the rest can be checked too. */
export function parseValue<T>(schema: z.ZodType<T>, input: unknown, rules: ParseRules): ParsedValue<T> {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return { value: result.data, findings: [], leftOut: [] };
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, [], rules));
  const first = new Map(problems.toReversed().map((problem) => [JSON.stringify(problem.keys), problem]));
  const leftOut = [...first.values()].map(({ keys }) => outsideLists(keys));
  const rest = schema.safeParse(without(input, leftOut));
  return {
    value: rest.success ? rest.data : undefined,
    findings: problems.filter((problem) => first.get(JSON.stringify(problem.keys)) === problem).map((problem) => problem.finding),
    leftOut,
  };
}

interface Problem {
  readonly keys: Keys;
  readonly finding: Finding;
}

/** What one of zod's issues means to a reader. `around` is the path of the union that it was found in. */
function problemsOf(issue: z.core.$ZodIssue, around: Keys, rules: ParseRules): Problem[] {
  // symbols are no keys of a parsed text
  const keys = [...around, ...(issue.path as Keys)];
  const value = issue.input;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const path = [...keys, key];
        const suggestion = rules.suggest(keys, key);
        return { keys: path, finding: finding('unknown-key', rules.place(path, 'key'), { keys: path, suggestion }) };
      });
    case 'invalid_union':
      return unionProblems(issue, keys, rules);
    case 'invalid_key': {
      const rule = `is a key that ${issue.issues[0]?.message ?? 'is wrong'}`;
      return [{ keys, finding: finding('bad-value', rules.place(keys, 'key'), { keys, rule, value: undefined }) }];
    }
    case 'invalid_type':
      if (issue.expected === 'int' || (issue.expected === 'number' && typeof value === 'number')) break;
      return [typeProblem(keys, issue.expected, value, rules)];
    case 'invalid_value':
      if (typeof value === typeof issue.values[0]) break;
      return [typeProblem(keys, typeof issue.values[0], value, rules)];
    default:
  }
  return [{ keys, finding: finding('bad-value', rules.place(keys), { keys, rule: issue.message, value }) }];
}

/** The problems of the branch that was meant: the one that the value's type fits. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, keys: Keys, rules: ParseRules): Problem[] {
  const isAboutType = (inner: z.core.$ZodIssue): boolean => inner.code === 'invalid_type' && inner.path.length === 0;
  const meant = issue.errors.find((branch) => !branch.some(isAboutType));
  if (meant !== undefined) return meant.flatMap((inner) => problemsOf(inner, keys, rules));
  return [typeProblem(keys, 'string', issue.input, rules)];
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  boolean: '`true` or `false`',
  number: 'a whole number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function typeProblem(keys: Keys, expected: string, value: unknown, rules: ParseRules): Problem {
  const place = rules.place(keys);
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return { keys, finding: finding('quote-it', place, { keys, value }) };
  }
  return { keys, finding: finding('wrong-type', place, { keys, expected: typeNames[expected] ?? expected, value, advice: confusedType(keys) }) };
}

/** A path cut at the first list: leaving out an element would move the others. */
function outsideLists(keys: Keys): Keys {
  const list = keys.findIndex((key) => typeof key === 'number');
  return list === -1 ? keys : keys.slice(0, list);
}

/** A copy of a value without what is at some paths. */
function without(value: unknown, paths: readonly Keys[]): unknown {
  const copy: unknown = structuredClone(value);
  for (const path of paths) {
    const parent = path.slice(0, -1).reduce((found, key) => (isRecord(found) ? found[key] : undefined), copy);
    if (isRecord(parent)) Reflect.deleteProperty(parent, path.at(-1) ?? '');
  }
  return copy;
}

function isRecord(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}
