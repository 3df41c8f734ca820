/** A function that computes each answer once, and what it was asked so far. */
export interface Remembered<T> {
  (key: string): T;
  readonly answers: ReadonlyMap<string, T>;
}

/** Makes a function compute each answer once. */
export function remember<T>(compute: (key: string) => T): Remembered<T> {
  const answers = new Map<string, T>();
  const ask = (key: string): T => {
    if (answers.has(key)) return answers.get(key) as T;
    const answer = compute(key);
    answers.set(key, answer);
    return answer;
  };
  return Object.assign(ask, { answers });
}
